/**
 * The credential report (IAM User Guide, Getting credential reports): a CSV of every user's credentials, made at most
 * every four hours and gone after four.
 */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import { rootArn, userArn } from '../arns.ts';
import { usersOf } from '../find.ts';
import type { Call } from '../operation.ts';
import type { AccessKey, CredentialOwner } from '../tables.ts';
import { ownedDevices } from './mfa-devices.ts';

const LIFETIME_MS = 4 * 3600 * 1000;
const NOT_APPLICABLE = 'N/A';

function generateCredentialReport(call: Call) {
  const { store, accountId, nowMs } = call;
  const report = store.get('credentialReports', accountId);
  if (report !== undefined && isFresh(call, report.generatedAtMs)) return { State: 'COMPLETE' };
  store.commit([{ table: 'credentialReports', key: accountId, value: { generatedAtMs: nowMs, csv: reportOf(call) } }]);
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
}

function getCredentialReport(call: Call) {
  const report = call.store.get('credentialReports', call.accountId);
  if (report === undefined) throw new Refusal('ReportNotPresent', 410, '');
  if (!isFresh(call, report.generatedAtMs)) throw new Refusal('ReportExpired', 410, '');
  return {
    Content: Buffer.from(report.csv).toString('base64'),
    ReportFormat: 'text/csv',
    GeneratedTime: isoSeconds(report.generatedAtMs),
  };
}

/** A clock that was moved back makes a report of the future; it isn't fresh. */
function isFresh({ nowMs }: Call, generatedAtMs: number): boolean {
  return nowMs >= generatedAtMs && nowMs - generatedAtMs < LIFETIME_MS;
}

/** A row of the report; the columns' names and their order are those of the object. */
type Row = Readonly<Record<string, string>>;

function reportOf(call: Call): string {
  const rows = [rootRow(call), ...userRows(call)];
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(csvCell).join(','))
    .join('\n');
}

function rootRow(call: Call): Row {
  const { accountId, store } = call;
  const account = store.get('accounts', accountId);
  return {
    user: '<root_account>',
    arn: rootArn(accountId),
    user_creation_time: reportTime(account?.createdAtMs ?? 0),
    password_enabled: 'not_supported',
    password_last_used: 'no_information',
    password_last_changed: 'not_supported',
    password_next_rotation: 'not_supported',
    ...credentialColumns(call, { type: 'root' }, account?.rootAccessKeyIds ?? []),
  };
}

function userRows(call: Call): readonly Row[] {
  return usersOf(call.store, call.accountId).map((user) => ({
    user: user.userName,
    arn: userArn(user),
    user_creation_time: reportTime(user.createdAtMs),
    password_enabled: 'false',
    password_last_used: NOT_APPLICABLE,
    password_last_changed: NOT_APPLICABLE,
    password_next_rotation: NOT_APPLICABLE,
    ...credentialColumns(call, { type: 'user', userId: user.userId }, user.accessKeyIds),
  }));
}

function credentialColumns(call: Call, owner: CredentialOwner, accessKeyIds: readonly string[]): Row {
  const keys = accessKeyIds.map((id) => call.store.get('accessKeys', id));
  return {
    mfa_active: String(ownedDevices(call, owner).length > 0),
    ...keyColumns(call, 'access_key_1', keys[0]),
    ...keyColumns(call, 'access_key_2', keys[1]),
    cert_1_active: 'false',
    cert_1_last_rotated: NOT_APPLICABLE,
    cert_2_active: 'false',
    cert_2_last_rotated: NOT_APPLICABLE,
  };
}

function keyColumns({ store }: Call, prefix: string, key: AccessKey | undefined): Row {
  const use = key === undefined ? undefined : store.get('accessKeyUses', key.accessKeyId);
  return {
    [`${prefix}_active`]: String(key?.active ?? false),
    [`${prefix}_last_rotated`]: key === undefined ? NOT_APPLICABLE : reportTime(key.statusChangedAtMs),
    [`${prefix}_last_used_date`]: use === undefined ? NOT_APPLICABLE : reportTime(use.usedAtMs),
    [`${prefix}_last_used_region`]: use?.region ?? NOT_APPLICABLE,
    [`${prefix}_last_used_service`]: use?.service ?? NOT_APPLICABLE,
  };
}

/** The report writes the offset in figures: `2015-06-17T19:11:50+00:00`. */
function reportTime(ms: number): string {
  return isoSeconds(ms).replace('Z', '+00:00');
}

function csvCell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export const credentialReportHandlers = {
  GenerateCredentialReport: generateCredentialReport,
  GetCredentialReport: getCredentialReport,
};

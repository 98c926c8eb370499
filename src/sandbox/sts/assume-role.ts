/**
 * AssumeRole: temporary credentials of a role, for whom its trust policy lets in. The order of AWS's checks isn't
 * published; here: shape of the parameters, the code, authorisation, then the duration against the role.
 */
import type { Caller } from '../../enforcement/caller.ts';
import { type ContextEntries, requestTagEntries } from '../../enforcement/context-entries.ts';
import { MFA_BY_CODE } from '../../enforcement/mfa-keys.ts';
import { callerArn } from '../../enforcement/principal.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { RoleSession, SessionPolicies } from '../../enforcement/session.ts';
import { type PreparedPolicy, preparePolicy } from '../../policy/prepare.ts';
import { findRoleByArn } from '../find.ts';
import type { Call, Parameters } from '../operation.ts';
import { preparedTrustPolicy } from '../prepared.ts';
import type { Role } from '../tables.ts';
import { printCredentials } from './answer.ts';
import { checkDuration, DEFAULT_SECONDS } from './assume-role-duration.ts';
import { lifetime } from './lifetime.ts';
import { oncePerCall } from './once-per-call.ts';
import { readStsParameters, type StsInput } from './parameters.ts';
import type { Operation, StsPorts } from './ports.ts';
import { provenByCode } from './proof.ts';
import { checkManagedPolicies, packedSizePercent, readSessionPolicies } from './session-policies.ts';
import { checkSessionTags, handedOn, type SessionTags } from './session-tags.ts';

interface AssumeRoleRequest {
  readonly input: StsInput<'AssumeRole'>;
  /** Undefined if there is none; the caller mustn't learn it. */
  readonly role: Role | undefined;
  readonly requestedTags: SessionTags;
  /** With the transitive ones of the calling session. */
  readonly sessionTags: SessionTags;
  readonly sessionPolicies: SessionPolicies;
  readonly packedPercent: number | undefined;
  readonly sourceIdentity: string | undefined;
  /** A good code came with the call. */
  readonly proven: boolean;
}

export function assumeRole(ports: StsPorts): Operation {
  const requestOf = oncePerCall((call) => readRequest(call, ports));
  return {
    row: {
      check: requestOf,
      action: 'sts:AssumeRole',
      resource: (call) => requestOf(call).input.RoleArn,
      resourcePolicy: (call) => trustPolicyOf(requestOf(call).role),
      context: (call) => contextEntries(requestOf(call)),
      resourceContext: (call) => (requestOf(call).proven ? MFA_BY_CODE : undefined),
      also: (call) => furtherActions(requestOf(call)),
    },
    handler: (call) => enter(call, requestOf(call), ports),
  };
}

function readRequest(call: Call, ports: StsPorts): AssumeRoleRequest {
  const { caller, parameters, store } = call;
  const input = readStsParameters('AssumeRole', parameters);
  refuseProvidedContexts(parameters);
  checkRoleArn(input.RoleArn);
  const requestedTags = {
    tags: (input.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
    transitiveTagKeys: input.TransitiveTagKeys ?? [],
  };
  checkSessionTags(requestedTags);
  const sessionTags = handedOn(requestedTags, caller.type === 'role-session' ? caller : undefined);
  const sessionPolicies = readSessionPolicies(input);
  const packedPercent = packedSizePercent(sessionPolicies, sessionTags.tags);
  refuseClosedCallers(caller, input.RoleArn);
  const sourceIdentity = sourceIdentityOf(caller, input);
  return {
    input,
    role: findRoleByArn(store, input.RoleArn),
    requestedTags,
    sessionTags,
    sessionPolicies,
    packedPercent,
    sourceIdentity,
    proven: provenByCode(input, caller, ports),
  };
}

/** The pattern of a role's ARN; `ARN is invalid` for what is no ARN at all. */
function checkRoleArn(arn: string): void {
  if (/^arn:[^:]+:iam::\d{12}:role\/./.test(arn)) return;
  const message = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(arn) ? 'Request ARN is invalid' : 'ARN is invalid';
  throw new Refusal('ValidationError', 400, message);
}

/** Identity Center's context assertions would become condition keys: to leave them out silently could let somebody in. */
function refuseProvidedContexts(parameters: Parameters): void {
  for (const name of parameters.keys()) {
    if (name.startsWith('ProvidedContexts')) {
      throw new Refusal('InvalidParameterValue', 400, 'ProvidedContexts is not implemented in this sandbox.');
    }
  }
}

function refuseClosedCallers(caller: Caller, roleArn: string): void {
  if (caller.type === 'federated') throw notAuthorised(caller, 'sts:AssumeRole', roleArn);
  if (caller.type !== 'role-session' && caller.owner.type === 'root') {
    throw new Refusal('AccessDenied', 403, 'Roles may not be assumed by root accounts.');
  }
}

/**
 * A source identity stays for a whole chain of roles: it may be said again, not changed (IAM User Guide, "Monitor and
 * control actions taken with assumed roles"). doubt: AWS's words for that aren't documented.
 */
function sourceIdentityOf(caller: Caller, { SourceIdentity, RoleArn }: StsInput<'AssumeRole'>): string | undefined {
  const inherited = caller.type === 'role-session' ? caller.sourceIdentity : undefined;
  if (inherited !== undefined && SourceIdentity !== undefined && SourceIdentity !== inherited) {
    throw notAuthorised(caller, 'sts:SetSourceIdentity', RoleArn);
  }
  return inherited ?? SourceIdentity;
}

function notAuthorised(caller: Caller, action: string, resource: string): Refusal {
  return new Refusal(
    'AccessDenied',
    403,
    `User: ${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource}`,
  );
}

/** A role that isn't there trusts nobody, and answers as one that doesn't trust the caller: names can't be probed. */
function trustPolicyOf(role: Role | undefined): PreparedPolicy {
  return role === undefined
    ? preparePolicy({ kind: 'trust', version: '2012-10-17', statements: [] })
    : preparedTrustPolicy(role);
}

/**
 * Keys that AssumeRole adds (Service Authorization Reference, AWS STS). `sts:DurationSeconds` isn't among them: it is
 * GetServiceBearerToken's.
 */
function contextEntries({ input, role, requestedTags, sourceIdentity }: AssumeRoleRequest): ContextEntries {
  const entries: (readonly [string, readonly string[]])[] = [['sts:rolesessionname', [input.RoleSessionName]]];
  if (input.ExternalId !== undefined) entries.push(['sts:externalid', [input.ExternalId]]);
  if (sourceIdentity !== undefined) entries.push(['sts:sourceidentity', [sourceIdentity]]);
  if (requestedTags.transitiveTagKeys.length > 0) {
    entries.push(['sts:transitivetagkeys', requestedTags.transitiveTagKeys]);
  }
  entries.push(...requestTagEntries(requestedTags.tags));
  for (const { key, value } of role?.tags ?? []) {
    entries.push([`aws:resourcetag/${key.toLowerCase()}`, [value]], [`iam:resourcetag/${key.toLowerCase()}`, [value]]);
  }
  return entries;
}

/** Tags and a source identity, those that a chain hands on included, need permissions of their own on the same role. */
function furtherActions(request: AssumeRoleRequest): readonly { readonly action: string; readonly resource: string }[] {
  const resource = request.input.RoleArn;
  return [
    ...(request.sessionTags.tags.length === 0 ? [] : [{ action: 'sts:TagSession', resource }]),
    ...(request.sourceIdentity === undefined ? [] : [{ action: 'sts:SetSourceIdentity', resource }]),
  ];
}

function enter(call: Call, request: AssumeRoleRequest, { directory, sessionTokens }: StsPorts) {
  const { caller, nowMs } = call;
  const { input, role, sessionPolicies, packedPercent, sessionTags, sourceIdentity } = request;
  // Nobody is authorised to enter a role that isn't there.
  if (role === undefined) throw notAuthorised(caller, 'sts:AssumeRole', input.RoleArn);
  const seconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  checkDuration(seconds, caller, role.maxSessionSeconds);
  checkManagedPolicies(sessionPolicies, role.accountId, directory);
  const { issuedAtMs, expiresAtMs } = lifetime(nowMs, seconds);
  const { enteredBy, authenticatedAtMs } = entryOf(caller, request.proven);
  const session: RoleSession = {
    type: 'role-session',
    accountId: role.accountId,
    roleId: role.roleId,
    sessionName: input.RoleSessionName,
    issuedAtMs,
    expiresAtMs,
    enteredBy,
    authenticatedAtMs,
    sessionPolicies,
    tags: sessionTags.tags,
    transitiveTagKeys: sessionTags.transitiveTagKeys,
    sourceIdentity,
  };
  return {
    Credentials: printCredentials(sessionTokens.seal(session), expiresAtMs),
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${input.RoleSessionName}`,
      Arn: assumedRoleArn(role, input.RoleSessionName),
    },
    PackedPolicySize: packedPercent,
    SourceIdentity: sourceIdentity,
  };
}

/** Without the role's path. */
function assumedRoleArn(role: Role, sessionName: string): string {
  return `arn:aws:sts::${role.accountId}:assumed-role/${role.roleName}/${sessionName}`;
}

/** How the role was entered, for `--role-session-mfa`. A code on AssumeRole proves its entry, not the session. */
function entryOf(caller: Caller, proven: boolean): Pick<RoleSession, 'enteredBy' | 'authenticatedAtMs'> {
  switch (caller.type) {
    case 'long-term':
      return { enteredBy: proven ? 'code' : 'long-term' };
    case 'user-session':
      return { enteredBy: 'user-session', authenticatedAtMs: caller.authenticatedAtMs };
    default:
      return { enteredBy: 'role-session' };
  }
}

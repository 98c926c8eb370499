/** `stepup keys list`: each long-term key of the profiles, where it is kept, and what IAM tells of it where it may be asked. */
import { resolveEndpoint } from '../aws/endpoints.ts';
import { accessKeyLastUse, listAccessKeys } from '../aws/iam-access-keys.ts';
import { getCallerIdentity } from '../aws/sts.ts';
import { isStepupError } from '../errors.ts';
import { type AwsFiles, awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { keyIdOf } from '../profiles/key-id.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { sessionProfileOf } from '../profiles/session-profiles.ts';
import { keptSession } from '../sessions/kept-session.ts';
import { escapeText } from '../terminal/escape.ts';
import { styleFor } from '../terminal/style.ts';
import { tableLines } from '../terminal/table.ts';
import { formatDuration } from '../terminal/time.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

export interface KeysListOptions {
  readonly json?: boolean;
}

interface KeyRow {
  readonly profile: string;
  /** A store's name, or `file` for plain text. */
  readonly store: string;
  readonly accessKeyId?: string;
  readonly createdAtMs?: number;
  readonly lastUsedAtMs?: number | 'never';
}

/** IAM's answer isn't worth a longer wait: what isn't known prints as unknown. */
const IAM_WAIT_MS = 10_000;

/** Runs the command. Opens no store and asks nobody. Throws StepupError for files that can't be read. */
export async function keysListCommand(io: Io, { json }: KeysListOptions): Promise<number> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const rows = await Promise.all(
    keyedProfiles(files, io.env).map(async (profile) => ({
      ...placeOf(profile),
      ...(await toldByIam(io, files, profile)),
    })),
  );
  io.stdout.write(json === true ? `${JSON.stringify(rows.map(asJson), null, 2)}\n` : asTable(rows, io));
  return ExitCode.done;
}

/** Profiles that can't be resolved are `status`'s to show. */
function keyedProfiles(files: AwsFiles, env: Io['env']): readonly ResolvedProfile[] {
  return [...files.profiles.keys()].flatMap((name) => {
    try {
      const profile = resolveProfile(files, name, env);
      const { type } = profile.credentials;
      return type === 'long-term-key' || type === 'stored-key' ? [profile] : [];
    } catch (error) {
      if (!isStepupError(error)) throw error;
      return [];
    }
  });
}

function placeOf(profile: ResolvedProfile): KeyRow {
  const { name, credentials } = profile;
  const accessKeyId = keyIdOf(profile);
  return {
    profile: name,
    store: credentials.type === 'stored-key' ? credentials.store : 'file',
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
}

/** By the MFA session or the key that lies in the files, if either may ask; whatever stands in the way, nothing is told. */
async function toldByIam(
  io: Io,
  files: AwsFiles,
  profile: ResolvedProfile,
): Promise<Pick<KeyRow, 'createdAtMs' | 'lastUsedAtMs'>> {
  try {
    const accessKeyId = keyIdOf(profile);
    const credentials = credentialsAtHand(io, files, profile);
    if (accessKeyId === undefined || credentials === undefined) return {};
    const signal = AbortSignal.any([io.interrupted, AbortSignal.timeout(IAM_WAIT_MS)]);
    const connection = (service: 'sts' | 'iam') => ({
      endpoint: resolveEndpoint(service, endpointSettings(files, profile, service, io.env)),
      credentials,
      now: io.now,
      signal,
    });
    const { arn } = await getCallerIdentity(connection('sts'));
    const [listed, used] = await Promise.allSettled([
      listAccessKeys(connection('iam'), arn.split('/').at(-1) ?? ''),
      accessKeyLastUse(connection('iam'), accessKeyId),
    ]);
    const known =
      listed.status === 'fulfilled' ? listed.value.find((key) => key.accessKeyId === accessKeyId) : undefined;
    return {
      ...(known === undefined ? {} : { createdAtMs: known.createdAtMs }),
      ...(used.status === 'fulfilled'
        ? { lastUsedAtMs: used.value.type === 'never' ? 'never' : used.value.usedAtMs }
        : {}),
    };
  } catch (error) {
    io.interrupted.throwIfAborted();
    if (!isStepupError(error) && !(error instanceof DOMException)) throw error;
    return {};
  }
}

function credentialsAtHand(io: Io, files: AwsFiles, { name, credentials }: ResolvedProfile) {
  const session = keptSession(files, sessionProfileOf(files, name), io.env);
  if (session?.type === 'session' && (session.expiresAtMs ?? 0) > io.now()) return session;
  return credentials.type === 'long-term-key' ? credentials : undefined;
}

function asTable(rows: readonly KeyRow[], io: Io): string {
  if (rows.length === 0) return 'There is no profile with a long-term key.\n';
  const style = styleFor(io.stdout, io.env);
  const head = ['PROFILE', 'KEY', 'STORE', 'AGE', 'LAST USED'].map((text) => ({ text, paint: style.dim }));
  const since = (epochMs: number): string => formatDuration(Math.max(0, io.now() - epochMs) / 1000);
  const lines = rows.map(({ profile, accessKeyId, store, createdAtMs, lastUsedAtMs }) => [
    escapeText(profile),
    accessKeyId === undefined ? 'unknown' : `…${escapeText(accessKeyId.slice(-4))}`,
    store === 'file' ? { text: 'plain text', paint: style.yellow } : escapeText(store),
    createdAtMs === undefined ? 'unknown' : since(createdAtMs),
    lastUsedAtMs === undefined ? 'unknown' : lastUsedAtMs === 'never' ? 'never' : `${since(lastUsedAtMs)} ago`,
  ]);
  return `${tableLines([head, ...lines]).join('\n')}\n`;
}

/** Null for what isn't known; `lastUsedAt` is `never` for a key that nobody has used. */
function asJson({ profile, store, accessKeyId, createdAtMs, lastUsedAtMs }: KeyRow): object {
  const instant = (epochMs: number): string => new Date(epochMs).toISOString();
  return {
    profile,
    store,
    lastFour: accessKeyId?.slice(-4) ?? null,
    createdAt: createdAtMs === undefined ? null : instant(createdAtMs),
    lastUsedAt: lastUsedAtMs === undefined ? null : lastUsedAtMs === 'never' ? 'never' : instant(lastUsedAtMs),
  };
}

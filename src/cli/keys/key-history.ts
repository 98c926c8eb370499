/** What IAM tells of a long-term key: since when it is, when it was last used, whether it is active. Nobody is asked for a code. */
import type { Connection } from '../../aws/connection.ts';
import type { EndpointService } from '../../aws/endpoints.ts';
import { isStepupError } from '../../errors.ts';
import type { AwsFiles } from '../../profiles/aws-files.ts';
import { keyIdOf } from '../../profiles/key-id.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import { sessionProfileOf } from '../../profiles/session-profiles.ts';
import { servingSession } from '../../sessions/kept-session.ts';
import { connectTo } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { keptPorts } from '../kept-ports.ts';

/**
 * Why IAM told nothing: only the store knows the key's id; no MFA session or key lies in the files; it is no user's
 * key; it was denied; AWS doesn't know the key; credentials mayn't go to this endpoint; no answer came.
 */
export type Untold = 'id-unknown' | 'nobody-asks' | 'not-a-user' | 'denied' | 'gone' | 'not-trusted' | 'no-answer';

export interface KeyHistory {
  readonly createdAtMs?: number;
  readonly lastUsedAtMs?: number | 'never';
  readonly isActive?: boolean;
  /** Why the rest isn't there. */
  readonly untold?: Untold;
}

/** Why a key's age is unknown, and the command that would tell it. */
export function untoldWords(untold: Untold, profile: string): string {
  return UNTOLD[untold](profile);
}

const UNTOLD: Readonly<Record<Untold, (profile: string) => string>> = {
  'id-unknown': (profile) =>
    `which key it is, only the store knows; stepup keys move ${profile} --to THE-SAME-STORE notes its id`,
  'nobody-asks': (profile) =>
    `no session with MFA lies in the files to ask IAM by; stepup keys list --with ${profile} asks you for one`,
  'not-a-user': () => "it is no IAM user's key",
  denied: () =>
    'IAM denied it; self_service: [keys] of stepup setup allows it, and stepup keys list --with ADMIN-PROFILE tells it now',
  gone: () => "AWS doesn't know it as a key of the user",
  'not-trusted': () => 'its endpoint is none that credentials may go to',
  'no-answer': () => 'IAM told nothing just now; stepup keys list asks it again',
};

/** A connection to a service of AWS as the one who asks. */
export type Asker = (service: Extract<EndpointService, 'sts' | 'iam'>) => Connection;

export interface KeyHistoryOptions {
  readonly waitMs: number;
  /** Who asks in place of the user itself. */
  readonly asker?: Asker;
}

/**
 * By the MFA session or the key that lies in the files, and no store is opened for it; or by another. Whatever stands in
 * the way is told in the answer. @throws `interrupted`
 */
export async function keyHistory(
  io: Io,
  files: AwsFiles,
  profile: ResolvedProfile,
  { waitMs, asker }: KeyHistoryOptions,
): Promise<KeyHistory> {
  const accessKeyId = keyIdOf(profile);
  if (accessKeyId === undefined) return { untold: 'id-unknown' };
  try {
    const asks = asker ?? ownAsker(io, files, profile);
    if (asks === undefined) return { untold: 'nobody-asks' };
    const deadlineMs = performance.now() + waitMs;
    const connection: Asker = (service) => ({
      ...asks(service),
      totalTimeoutMs: Math.max(1, deadlineMs - performance.now()),
    });
    return await asked(connection, accessKeyId, asker === undefined);
  } catch (error) {
    io.interrupted.throwIfAborted();
    if (!isStepupError(error)) throw error;
    return { untold: reasonOf(error, accessKeyId) };
  }
}

/** GetCallerIdentity tells a user of itself; of another, only IAM's answer about the key does. */
async function asked(connection: Asker, accessKeyId: string, isOwn: boolean): Promise<KeyHistory> {
  const [{ accessKeyLastUse, listAccessKeys }, { getCallerIdentity }] = await Promise.all([
    import('../../aws/iam-access-keys.ts'),
    import('../../aws/sts.ts'),
  ]);
  const [iam, sts] = [connection('iam'), isOwn ? connection('sts') : undefined];
  const lastUse = accessKeyLastUse(iam, accessKeyId);
  const owner = sts === undefined ? lastUse.then(({ userName }) => userName) : getCallerIdentity(sts).then(nameInArn);
  const listed = owner.then((userName) =>
    userName === undefined ? undefined : listAccessKeys(connection('iam'), userName),
  );
  const [used, list] = await Promise.allSettled([lastUse, listed]);
  const known = list.status === 'fulfilled' ? list.value?.find((key) => key.accessKeyId === accessKeyId) : undefined;
  const failure = [list, used].find((one) => one.status === 'rejected');
  return {
    ...(known !== undefined && { createdAtMs: known.createdAtMs, isActive: known.active }),
    ...(used.status === 'fulfilled' && { lastUsedAtMs: used.value.type === 'never' ? 'never' : used.value.usedAtMs }),
    ...(list.status === 'fulfilled' && known === undefined && { untold: list.value ? 'gone' : 'not-a-user' }),
    ...(failure !== undefined && { untold: reasonOf(failure.reason, accessKeyId) }),
  };
}

/** Undefined for the account's root, which has no name in IAM. */
function nameInArn({ arn }: { readonly arn: string }): string | undefined {
  return arn.includes(':user/') ? arn.split('/').at(-1) : undefined;
}

function ownAsker(io: Io, files: AwsFiles, { name, credentials }: ResolvedProfile): Asker | undefined {
  const sessionProfile = sessionProfileOf(files, name);
  const base = keptPorts(io).describeBase(files, { type: 'keyed', profile: name, sessionProfile });
  const needs = { nowMs: io.now(), minLeftSeconds: 0, maxAgesSeconds: [] };
  const session = servingSession(files, base, io.env, needs);
  const atHand = typeof session === 'object' && session.type === 'session' ? session : credentials;
  if (atHand.type !== 'session' && atHand.type !== 'long-term-key') return undefined;
  return (service) => connectTo(io, name, service, atHand);
}

function reasonOf(error: unknown, accessKeyId: string): Untold {
  if (isStepupError(error, 'code-destination')) return 'not-trusted';
  if (isStepupError(error, 'key-unknown') && error.fields.accessKeyId === accessKeyId) return 'gone';
  return isStepupError(error, 'aws-refused') && error.fields.awsCode.startsWith('AccessDenied')
    ? 'denied'
    : 'no-answer';
}

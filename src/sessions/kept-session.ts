/** The MFA session that is kept for a base, and whether it still serves. */
import type { SecretStore } from '../keys/secret-store.ts';
import { readStoredSession } from '../keys/stored-session.ts';
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import type { ProfileCredentials } from '../profiles/credentials.ts';
import { resolveProfile } from '../profiles/resolve.ts';

/** An MFA session with its secrets at hand. */
export type OpenSession = Extract<ProfileCredentials, { type: 'session' }>;

/** An MFA session in the credentials file, or what the config file tells of one that is in a store. */
export type KeptSession = OpenSession | Extract<ProfileCredentials, { type: 'stored-session' }>;

/** What this profile holds now, whoever wrote it; undefined if that is no session. @throws as `resolveProfile` */
export function keptSession(files: AwsFiles, profile: string, env: Environment): KeptSession | undefined {
  if (!files.profiles.has(profile)) return undefined;
  const { credentials } = resolveProfile(files, profile, env);
  return credentials.type === 'session' || credentials.type === 'stored-session' ? credentials : undefined;
}

/**
 * The session with its secrets. Undefined where the store holds none, or another one: a login or a logout of another
 * process is between its two writes.
 * @throws what opening and reading the store throws
 */
export async function openSession(
  kept: KeptSession,
  profile: string,
  openStore: (store: string) => Promise<SecretStore>,
): Promise<OpenSession | undefined> {
  if (kept.type === 'session') return kept;
  const secrets = await readStoredSession(await openStore(kept.store), profile);
  return secrets?.accessKeyId === kept.accessKeyId ? { ...kept, type: 'session', ...secrets } : undefined;
}

/** What is known of a base without opening the store that its key is in. */
interface KnownBase {
  readonly sessionProfile: string;
  readonly keyId: string | undefined;
  readonly endpoint: string | undefined;
}

/** The session that is kept for this base, if it serves; else what is wrong with it. @throws as `resolveProfile` */
export function servingSession(
  files: AwsFiles,
  { sessionProfile, keyId, endpoint }: KnownBase,
  env: Environment,
  needs: Omit<SessionNeeds, 'baseKeyId' | 'endpoint'>,
): KeptSession | SessionFault | 'none' {
  const session = keptSession(files, sessionProfile, env);
  if (session === undefined) return 'none';
  return faultOf(session, { ...needs, baseKeyId: keyId ?? session.baseKeyId ?? '', endpoint }) ?? session;
}

/** What a session must be to serve now. */
export interface SessionNeeds {
  readonly baseKeyId: string;
  /** The custom endpoint that the base's calls go to; undefined for AWS's own, whose sessions are good in every region. */
  readonly endpoint: string | undefined;
  readonly nowMs: number;
  /** What must be left of it, at least. */
  readonly minLeftSeconds: number;
  /** The gates that it must open: their ages. */
  readonly maxAgesSeconds: readonly number[];
}

export type SessionFault = 'other-key' | 'other-endpoint' | 'ended' | 'aged';

/** Why a session doesn't serve; undefined if it does. One that says less of itself than stepup writes doesn't. */
export function faultOf(session: KeptSession, needs: SessionNeeds): SessionFault | undefined {
  if (session.baseKeyId !== needs.baseKeyId) return 'other-key';
  if (session.endpoint !== needs.endpoint) return 'other-endpoint';
  const leftSeconds = ((session.expiresAtMs ?? 0) - needs.nowMs) / 1000;
  if (leftSeconds <= needs.minLeftSeconds) return 'ended';
  // AWS counts whole seconds, and the gate says "less than".
  const ageSeconds = Math.ceil((needs.nowMs - (session.authenticatedAtMs ?? 0)) / 1000);
  return needs.maxAgesSeconds.some((maxAgeSeconds) => ageSeconds >= maxAgeSeconds) ? 'aged' : undefined;
}

/**
 * The MFA session as it is kept in the credentials file, beside its keys what stepup needs to know of it later
 * (`profiles/session-section.ts` writes it). Sessions that others wrote there (a shell script,
 * `aws configure mfa-login`, aws-vault) lack some of it; they are read for what they tell.
 */
import type { SessionCredentials } from '../aws/sts.ts';
import type { Profile, Settings } from '../profiles/aws-files.ts';

export interface MfaSession {
  /** The profile that holds it: `work-mfa`. */
  readonly profile: string;
  readonly credentials: SessionCredentials;
  /** When its code was given, epoch milliseconds; unknown for a session that stepup didn't make. */
  readonly authenticatedAtMs?: number;
  /** The long-term key that it came from. */
  readonly baseKeyId?: string;
  /** Where it came from, as `endpointIdentity` (`aws/endpoints.ts`) names it. */
  readonly endpoint?: string;
}

/** The session in this profile; undefined if there is none, or one whose end isn't known. Never throws. */
export function readMfaSession({ name, credentials: settings }: Profile): MfaSession | undefined {
  const text = (key: string): string | undefined => settings.get(key)?.value || undefined;
  const accessKeyId = text('aws_access_key_id');
  const secretAccessKey = text('aws_secret_access_key');
  const sessionToken = text('aws_security_token') ?? text('aws_session_token');
  const expiresAtMs = instant(settings, 'expiration') ?? instant(settings, 'x_security_token_expires');
  if (!accessKeyId || !secretAccessKey || !sessionToken || expiresAtMs === undefined) return undefined;
  const authenticatedAtMs = instant(settings, 'stepup_authenticated_at');
  const baseKeyId = text('stepup_base_key_id');
  const endpoint = text('stepup_endpoint');
  return {
    profile: name,
    credentials: { accessKeyId, secretAccessKey, sessionToken, expiresAtMs },
    ...(authenticatedAtMs === undefined ? {} : { authenticatedAtMs }),
    ...(baseKeyId === undefined ? {} : { baseKeyId }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function instant(settings: Settings, key: string): number | undefined {
  const ms = Date.parse(settings.get(key)?.value ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** What a session must be to serve now. */
export interface SessionNeeds {
  readonly baseKeyId: string;
  /** As `endpointIdentity` names it. */
  readonly endpoint: string;
  readonly nowMs: number;
  /** What must be left of it, at least. */
  readonly minLeftMs: number;
  /** The gates that it must open: their ages in seconds. */
  readonly maxAgesSeconds: readonly number[];
}

export type SessionFault = 'other-key' | 'other-endpoint' | 'ended' | 'aged';

/** Why a session doesn't serve; undefined if it does. One that says less of itself than stepup writes doesn't. */
export function faultOf(session: MfaSession, needs: SessionNeeds): SessionFault | undefined {
  if (session.baseKeyId !== needs.baseKeyId) return 'other-key';
  if (session.endpoint !== needs.endpoint) return 'other-endpoint';
  if (session.credentials.expiresAtMs - needs.nowMs <= needs.minLeftMs) return 'ended';
  // AWS counts whole seconds, and the gate says "less than".
  const ageSeconds = Math.ceil((needs.nowMs - (session.authenticatedAtMs ?? 0)) / 1000);
  return needs.maxAgesSeconds.some((maxAgeSeconds) => ageSeconds >= maxAgeSeconds) ? 'aged' : undefined;
}

/** A logout: what is kept here of a base's sessions goes. What AWS issued lives on until it ends. */
import type { SecretStore } from '../keys/secret-store.ts';
import { removeStoredSession } from '../keys/stored-session.ts';
import type { AwsFilePaths, AwsFiles, Environment } from '../profiles/aws-files.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { roleProfilesOf } from '../profiles/bases.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { SESSION_STORE_KEY, sessionProfileOf } from '../profiles/session-profiles.ts';
import { planSessionRemoval } from '../profiles/session-section.ts';
import { updateAwsFiles } from '../profiles/update.ts';
import { forgetCachedRoles } from './aws-cli-cache.ts';
import { type KeptSession, keptSession } from './kept-session.ts';
import { forgetRoleSessions } from './role-cache.ts';
import { routeTo } from './route.ts';

export interface LogoutPorts {
  readonly env: Environment;
  readonly paths: AwsFilePaths;
  readonly nowMs: number;
  /** Of stepup's own role sessions. */
  readonly roleSessions: string;
  /** `~/.aws/cli/cache` */
  readonly awsCliCache: string;
  /** Who we are, for those who wait for the lock. */
  readonly program: string;
  /** The store of this name, as the base describes it. */
  readonly sessionStore: (store: string, base: string) => Promise<SecretStore>;
}

export interface LogoutOutcome {
  readonly base: string;
  /** The profile whose MFA session went; absent if there was none. */
  readonly session?: { readonly profile: string; readonly expiresAtMs?: number };
  readonly ownRoleSessions: number;
  readonly awsCliRoleSessions: number;
}

const LOCK_WAIT_MS = 20_000;

/**
 * Logs out of one base, named by itself, its session's profile or one of its role profiles.
 * Throws what resolving and writing throw.
 */
export async function logout(profile: string, ports: LogoutPorts): Promise<LogoutOutcome> {
  const files = readAwsFiles(ports.paths);
  const { base } = routeTo(files, resolveProfile(files, profile, ports.env));
  return logoutOfBase(files, base.profile, ports);
}

/** Logs out of every base that has a session, and forgets all that is left of role sessions. @throws as {@link logout} */
export async function logoutOfAll(ports: LogoutPorts): Promise<readonly LogoutOutcome[]> {
  const files = readAwsFiles(ports.paths);
  const outcomes: LogoutOutcome[] = [];
  for (const base of files.profiles.keys()) {
    const session = files.profiles.get(sessionProfileOf(files, base));
    if (session?.settings.has('stepup_base_key_id')) outcomes.push(await logoutOfBase(files, base, ports));
  }
  // A base that signs in by itself, or whose MFA session is gone, may have left role sessions as well.
  const ownRoleSessions = forgetRoleSessions(ports.roleSessions, ports.nowMs);
  if (ownRoleSessions > 0) outcomes.push({ base: 'other profiles', ownRoleSessions, awsCliRoleSessions: 0 });
  return outcomes;
}

/** Every name under which role sessions of this base may be kept: its key now, its session's key, and itself. */
function namesOf(files: AwsFiles, base: string, held: KeptSession | undefined, env: Environment): readonly string[] {
  const { credentials } = resolveProfile(files, base, env);
  return [
    `profile ${base}`,
    ...(credentials.type === 'long-term-key' ? [credentials.accessKeyId] : []),
    ...(held?.baseKeyId === undefined ? [] : [held.baseKeyId]),
  ];
}

async function logoutOfBase(files: AwsFiles, base: string, ports: LogoutPorts): Promise<LogoutOutcome> {
  const profile = sessionProfileOf(files, base);
  const held = keptSession(files, profile, ports.env);
  const { roles } = roleProfilesOf(files, base, ports.env);
  // The secrets first: broken off here, the files still tell of a session, and the next logout finds it.
  const store = files.profiles.get(profile)?.settings.get(SESSION_STORE_KEY)?.value;
  if (store !== undefined && store !== 'file')
    await removeStoredSession(await ports.sessionStore(store, base), profile);
  const { config, credentials } = await updateAwsFiles(ports.paths, (fresh) => planSessionRemoval(fresh, profile), {
    program: ports.program,
    waitMs: LOCK_WAIT_MS,
  });
  const expiresAtMs = held?.expiresAtMs;
  return {
    base,
    ...(credentials.type === 'written' || config.type === 'written'
      ? { session: { profile, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) } }
      : {}),
    ownRoleSessions: forgetRoleSessions(ports.roleSessions, ports.nowMs, namesOf(files, base, held, ports.env)),
    awsCliRoleSessions: forgetCachedRoles(
      ports.awsCliCache,
      roles.map(({ role }) => role.roleArn),
    ),
  };
}

/**
 * Where a base's MFA session is kept: in the credentials file, or with its secrets in a store and the rest in the config
 * file. The store is written first: what the files tell is then there to be read.
 */
import { isStepupError, StepupError } from '../errors.ts';
import type { SecretStore } from '../keys/secret-store.ts';
import { removeStoredSession, writeStoredSession } from '../keys/stored-session.ts';
import type { AwsFilePaths, AwsFiles, Environment } from '../profiles/aws-files.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import { SESSION_STORE_KEY } from '../profiles/session-profiles.ts';
import { planSessionWrite, type SessionToWrite } from '../profiles/session-section.ts';
import { requireEditable, type UpdateOutcome, updateAwsFiles } from '../profiles/update.ts';
import { type KeptSession, openSession } from './kept-session.ts';

/** Undefined: the credentials file. */
export type SessionPlace = SecretStore | undefined;

export interface SessionPlacePorts {
  readonly env: Environment;
  readonly paths: AwsFilePaths;
  /** Who we are, for those who wait for the lock. */
  readonly askedBy: string;
  /** The store of this name, as the base describes it. @throws `usage` for a name that is no store's */
  readonly sessionStore: (store: string, base: string) => Promise<SecretStore>;
  /** The `credential_process` line that serves a profile's session. */
  readonly processLine: (profile: string) => string;
}

/** How long another process may hold the AWS files. */
const LOCK_WAIT_MS = 20_000;

/** The place that was asked for, else where the last session went, else what the base or the environment says. */
export async function sessionPlace(
  files: AwsFiles,
  base: ResolvedProfile,
  profile: string,
  { store }: { readonly store?: string | undefined },
  { env, sessionStore }: SessionPlacePorts,
): Promise<SessionPlace> {
  const name =
    store ??
    files.profiles.get(profile)?.settings.get(SESSION_STORE_KEY)?.value ??
    base.settings.get(SESSION_STORE_KEY)?.value ??
    env['STEPUP_SESSION_STORE'];
  return name === undefined || name === '' || name === 'file' ? undefined : sessionStore(name, base.name);
}

/** @throws what {@link keepSession} would throw for such a session, as far as it shows before a code is spent on one */
export function requireKeepable(
  files: AwsFiles,
  session: SessionToWrite,
  place: SessionPlace,
  ports: SessionPlacePorts,
): void {
  requireEditable(files, planSessionWrite(files, { ...session, ...inStoreField(place, session.profile, ports) }));
}

function inStoreField(place: SessionPlace, profile: string, { processLine }: SessionPlacePorts) {
  return place === undefined ? {} : { inStore: { store: place.kind, process: processLine(profile) } };
}

/** Keeps a session there, and nowhere else. @param before what the profile held */
export async function keepSession(
  session: SessionToWrite,
  place: SessionPlace,
  before: KeptSession | undefined,
  ports: SessionPlacePorts,
): Promise<UpdateOutcome> {
  const { base, profile } = session;
  if (place !== undefined) await writeStoredSession(place, profile, session);
  const lock = { program: ports.askedBy, waitMs: LOCK_WAIT_MS };
  const written = await updateAwsFiles(
    ports.paths,
    (files) => planSessionWrite(files, { ...session, ...inStoreField(place, profile, ports) }),
    lock,
  );
  if (before?.type === 'stored-session' && before.store !== place?.kind) {
    await forget(() => ports.sessionStore(before.store, base), profile);
  }
  return written;
}

/** A session that serves is brought to the place where it shall be; no code is needed for that. */
export async function bringTo(
  place: SessionPlace,
  kept: KeptSession,
  { base, profile }: { readonly base: string; readonly profile: string },
  ports: SessionPlacePorts,
): Promise<void> {
  const isThere = kept.type === 'session' ? place === undefined : kept.store === place?.kind;
  if (isThere) return;
  const open = await openSession(kept, profile, (store) => ports.sessionStore(store, base));
  const { expiresAtMs, authenticatedAtMs, baseKeyId } = open ?? {};
  if (open === undefined || expiresAtMs === undefined || authenticatedAtMs === undefined || baseKeyId === undefined) {
    throw new StepupError('session-not-in-store', { profile, base });
  }
  await keepSession({ ...open, expiresAtMs, authenticatedAtMs, baseKeyId, base, profile }, place, kept, ports);
}

/** What can't be removed from a store that the session has left ends by itself. */
async function forget(store: () => Promise<SecretStore>, profile: string): Promise<void> {
  try {
    await removeStoredSession(await store(), profile);
  } catch (error) {
    if (!isStepupError(error)) throw error;
  }
}

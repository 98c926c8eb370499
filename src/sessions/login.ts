/**
 * A login, whoever asks for it: `stepup login`, the demo. Reads the files, asks for a code only if it must, and writes
 * the session where every AWS tool finds it.
 */
import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import { resolveEndpoint } from '../aws/endpoints.ts';
import { isStepupError, StepupError } from '../errors.ts';
import type { NamedSerial } from '../mfa/choose-device.ts';
import { readSerialNumber } from '../mfa/device.ts';
import { type AwsFiles, type Environment, readAwsFiles } from '../profiles/aws-files.ts';
import { type RoleProfiles, roleProfilesOf } from '../profiles/bases.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { keyIdOf } from '../profiles/key-id.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { requireOwnSection } from '../profiles/section-owner.ts';
import type { SessionToWrite } from '../profiles/session-section.ts';
import { type AuthenticatePorts, authenticate, type LoginIdentity } from './authenticate.ts';
import { recallGate } from './gate-memory.ts';
import { faultOf, type KeptSession, keptSession, type SessionFault } from './kept-session.ts';
import { type Base, routeTo } from './route.ts';
import { bringTo, keepSession, requireKeepable, type SessionPlacePorts, sessionPlace } from './session-place.ts';

export interface LoginRequest {
  /** A long-term profile, the profile of its session, or a role profile, which means the base that it starts from. */
  readonly profile: string;
  /** Where the session goes; default: where the base's session was, else `<base>-mfa`. */
  readonly updateProfile?: string | undefined;
  /** What keeps its secrets, `file` for the credentials file; default: what the profiles or the environment say. */
  readonly store?: string | undefined;
  /** The device that was named for this login alone. */
  readonly serial?: NamedSerial | undefined;
  readonly durationSeconds: number;
  /** Asks for a new session though the present one serves. */
  readonly force: boolean;
  /** A session with less than this left counts as ended. */
  readonly minLeftSeconds: number;
  /** The role that the session is for, where a role asked for it: the prompt names it. */
  readonly roleArn?: string;
}

export interface LoginPorts extends Omit<AuthenticatePorts, 'userArn' | 'onUserArn'>, SessionPlacePorts {
  /** The long-term key of a base, wherever it is kept. */
  readonly readKey: (profile: ResolvedProfile) => Promise<Credentials>;
  readonly users: KnownUsers;
  /** The folder of `gate-memory.ts`. */
  readonly gates: string;
  /** Told why a session that is there doesn't serve, before anybody is asked. */
  readonly onFault?: (fault: SessionFault) => void;
}

/** Whose a long-term key is, as AWS told once; a key never changes hands. */
export interface KnownUsers {
  readonly recall: (accessKeyId: string) => string | undefined;
  readonly learn: (accessKeyId: string, userArn: string) => void;
}

export type LoginOutcome =
  /** The session that is there serves: nothing was done. */
  | { readonly type: 'still-valid'; readonly session: LoginSession }
  | {
      readonly type: 'new';
      readonly session: LoginSession;
      /** A credentials file that others could read, and can't any more. */
      readonly narrowed?: string;
    }
  /** The base signs in otherwise; `by` says how. */
  | { readonly type: 'no-code-needed'; readonly base: string; readonly by: Extract<Base, { type: 'provided' }>['by'] };

export interface LoginSession {
  readonly base: string;
  readonly profile: string;
  readonly accessKeyId: string;
  readonly expiresAtMs: number;
  readonly authenticatedAtMs?: number;
  readonly serialNumber?: string;
  /** The role profiles that start from the base. */
  readonly roles: RoleProfiles;
}

/** Stands for what AWS will give, where the writing of it is looked at before a code is spent. */
const NOT_GIVEN_YET: SessionCredentials = {
  accessKeyId: 'not-given-yet',
  secretAccessKey: 'not-given-yet',
  sessionToken: 'not-given-yet',
  expiresAtMs: 0,
};

/**
 * Logs in. Nothing is written unless AWS gave a session, and then all of it at once.
 * Throws what resolving, reading the key, `authenticate` and writing throw, `login-without-key`, and, before anybody is
 * asked, `section-not-ours`, `profile-name-unwritable` and what shows beforehand of a write that would fail.
 */
export async function login(request: LoginRequest, ports: LoginPorts): Promise<LoginOutcome> {
  const { env, paths } = ports;
  const files = readAwsFiles(paths);
  const base = baseFor(files, request.profile, env);
  if (base.type === 'provided') return { type: 'no-code-needed', base: base.profile, by: base.by };
  if (base.type === 'foreign-session') {
    throw new StepupError('login-without-key', { profile: base.profile, found: 'temporary-credentials' });
  }

  const sessionProfile = request.updateProfile ?? base.sessionProfile;
  requireOwnSection(files, sessionProfile);
  const resolvedBase = resolveProfile(files, base.profile, env);
  const key = await ports.readKey(resolvedBase);
  const identity = identityOf(files, resolvedBase, key, request, env);
  const roles = roleProfilesOf(files, base.profile, env);
  const kept = keptSession(files, sessionProfile, env);
  const place = await sessionPlace(files, resolvedBase, sessionProfile, request, ports);

  if (!request.force) {
    const fault =
      kept === undefined
        ? undefined
        : faultOf(kept, needsOf(identity, keyIdOf(resolvedBase) ?? base.profile, roles, request, ports));
    if (kept !== undefined && fault === undefined) {
      await bringTo(place, kept, { base: base.profile, profile: sessionProfile }, ports);
      return { type: 'still-valid', session: { base: base.profile, profile: sessionProfile, roles, ...timesOf(kept) } };
    }
    if (fault !== undefined) ports.onFault?.(fault);
  }

  const toWrite = (given: SessionCredentials, authenticatedAtMs: number, serialNumber: string): SessionToWrite => ({
    ...given,
    base: base.profile,
    profile: sessionProfile,
    authenticatedAtMs,
    baseKeyId: key.accessKeyId,
    mfaSerial: serialToKeep(resolvedBase, request, serialNumber),
    ...endpointField(identity),
  });
  const likelySerial = resolvedBase.settings.get('mfa_serial')?.value ?? 'not known yet';
  requireKeepable(files, toWrite(NOT_GIVEN_YET, ports.now(), likelySerial), place, ports);

  const known = ports.users.recall(key.accessKeyId);
  const { credentials, authenticatedAtMs, device } = await authenticate(
    identity,
    {
      durationSeconds: request.durationSeconds,
      ...(request.roleArn !== undefined && { roleArn: request.roleArn }),
    },
    {
      ...ports,
      ...(known === undefined ? {} : { userArn: known }),
      onUserArn: (arn) => ports.users.learn(key.accessKeyId, arn),
    },
  );
  const { serialNumber } = device.device;
  const { accessKeyId, expiresAtMs } = credentials;
  const session = toWrite(credentials, authenticatedAtMs, serialNumber);
  const { credentials: written } = await keepSession(session, place, kept, ports);
  const narrowed = written.type === 'written' && written.narrowedFrom !== undefined ? written.path : undefined;
  return {
    type: 'new',
    session: {
      base: base.profile,
      profile: sessionProfile,
      accessKeyId,
      expiresAtMs,
      authenticatedAtMs,
      serialNumber,
      roles,
    },
    ...(narrowed === undefined ? {} : { narrowed }),
  };
}

function baseFor(files: AwsFiles, profile: string, env: Environment): Base {
  try {
    return routeTo(files, resolveProfile(files, profile, env)).base;
  } catch (error) {
    if (!isStepupError(error, 'base-without-credentials')) throw error;
    throw new StepupError('login-without-key', { profile: error.fields.base, found: 'nothing' }, { cause: error });
  }
}

/** Who logs in, and to which endpoints. Throws `endpoint-invalid`, `profile-invalid`. */
export function identityOf(
  files: AwsFiles,
  base: ResolvedProfile,
  key: Credentials,
  request: Pick<LoginRequest, 'serial'>,
  env: Environment,
): LoginIdentity {
  const serial = base.settings.get('mfa_serial');
  const namedSerial =
    request.serial ??
    (serial?.value ? { serialNumber: serial.value, origin: `mfa_serial of profile ${base.name}` } : undefined);
  return {
    profile: base.name,
    key,
    sts: resolveEndpoint('sts', endpointSettings(files, base, 'sts', env)),
    iam: resolveEndpoint('iam', endpointSettings(files, base, 'iam', env)),
    ...(namedSerial === undefined ? {} : { namedSerial }),
  };
}

function needsOf(
  identity: LoginIdentity,
  gateOwner: string,
  { roles }: RoleProfiles,
  request: LoginRequest,
  ports: LoginPorts,
) {
  return {
    baseKeyId: identity.key.accessKeyId,
    endpoint: customEndpointOf(identity),
    nowMs: ports.now(),
    minLeftSeconds: request.minLeftSeconds,
    // Of a chain, the first role has the gate: those after it are entered from a role session, without a code.
    maxAgesSeconds: roles.flatMap(({ role }) => {
      const first = role.source.type !== 'profile' || role.source.credentials.type !== 'role';
      return first ? (role.maxAgeSeconds ?? recallGate(ports.gates, gateOwner, role.roleArn).maxAgeSeconds ?? []) : [];
    }),
  };
}

function customEndpointOf({ sts }: LoginIdentity): string | undefined {
  return sts.customOrigin === undefined ? undefined : sts.url.origin;
}

function endpointField(identity: LoginIdentity): { readonly endpoint?: string } {
  const endpoint = customEndpointOf(identity);
  return endpoint === undefined ? {} : { endpoint };
}

/** A device named for one login doesn't become the base's; one that had to be looked up does. */
function serialToKeep(base: ResolvedProfile, { serial }: LoginRequest, used: string): string {
  const held = base.settings.get('mfa_serial')?.value;
  const heldIsGood = held !== undefined && readSerialNumber(held).kind === 'totp';
  return serial !== undefined && heldIsGood ? held : used;
}

function timesOf({ accessKeyId, expiresAtMs = 0, authenticatedAtMs }: KeptSession) {
  return { accessKeyId, expiresAtMs, ...(authenticatedAtMs === undefined ? {} : { authenticatedAtMs }) };
}

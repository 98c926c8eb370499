/**
 * What is there, and what it opens right now, by the files alone: nobody is asked, AWS neither. A shell prompt may call
 * this on every line.
 */
import type { StepupError } from '../errors.ts';
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import { originOf } from '../profiles/bases.ts';
import type { ProfileCredentials, Role } from '../profiles/credentials.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { keyIdOf } from '../profiles/key-id.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { sessionProfileOf } from '../profiles/session-profiles.ts';
import { recallGate } from './gate-memory.ts';
import { faultOf, type KeptSession, keptSession, type SessionFault } from './kept-session.ts';

export interface Status {
  readonly bases: readonly BaseStatus[];
  readonly roles: readonly RoleStatus[];
  /** Temporary credentials that stepup didn't make: of a script, `aws configure mfa-login`, aws-vault. */
  readonly foreign: readonly ForeignSession[];
  readonly broken: readonly { readonly profile: string; readonly error: StepupError }[];
}

export type SignIn = 'long-term-key' | 'stored-key' | 'sso' | 'login-session' | 'credential-process' | 'web-identity';

export interface BaseStatus {
  readonly profile: string;
  readonly signsIn: SignIn;
  /** Of a base with a key: the store that has it, or `file` for plain text. */
  readonly keyStore?: string;
  readonly device?: string;
  /** Of a base with a key: its MFA session, if there is one. */
  readonly session?: SessionStatus;
}

export interface SessionStatus {
  readonly profile: string;
  readonly expiresAtMs?: number;
  readonly authenticatedAtMs?: number;
  /** The store that has its secrets, or `file`. */
  readonly store: string;
  /** Why it doesn't serve; absent if it does. */
  readonly fault?: SessionFault;
}

export interface RoleStatus {
  readonly profile: string;
  readonly roleArn: string;
  readonly base?: string;
  /** `written`: in the profile; `learned`: AWS refused an older session. */
  readonly gate?: { readonly maxAgeSeconds: number; readonly from: 'written' | 'learned' };
  readonly verdict: Verdict;
  /** When the verdict turns to `aged` or `no-session`, epoch milliseconds. */
  readonly opensUntilMs?: number;
}

/**
 * `opens`: AWS lets you in, as far as the gate is known; `no-session`, `ended`, `aged` and `other…`: it needs a code;
 * `not-by-code`: the base signs in otherwise, and only AWS knows.
 */
export type Verdict = 'opens' | 'no-session' | SessionFault | 'not-by-code';

export interface ForeignSession {
  readonly profile: string;
  readonly expiresAtMs?: number;
}

export interface StatusRequest {
  readonly env: Environment;
  readonly nowMs: number;
  /** The folder of `gate-memory.ts`. */
  readonly gates: string;
}

/** Never throws for a profile that can't be resolved: it is in `broken`. */
export function statusOf(files: AwsFiles, request: StatusRequest): Status {
  const resolved: ResolvedProfile[] = [];
  const broken: { profile: string; error: StepupError }[] = [];
  for (const profile of files.profiles.keys()) {
    try {
      resolved.push(resolveProfile(files, profile, request.env));
    } catch (error) {
      broken.push({ profile, error: error as StepupError });
    }
  }
  const bases = resolved.flatMap((profile) => baseStatus(files, profile, request));
  const named = new Map(resolved.map((profile) => [profile.name, profile]));
  // One look at each base, for hundreds of role profiles may start from it.
  const known = new Map(
    bases.flatMap(({ profile }): [string, KnownBase][] => {
      const base = named.get(profile);
      if (base === undefined || !hasKey(base.credentials)) return [];
      return [[profile, { base, session: keptSession(files, sessionProfileOf(files, profile), request.env) }]];
    }),
  );
  return {
    bases,
    roles: resolved.flatMap((profile) => roleStatus(files, profile, known, request)),
    foreign: resolved.flatMap(({ name, credentials }) => foreignSession(name, credentials)),
    broken,
  };
}

const SIGN_INS: readonly string[] = [
  'long-term-key',
  'stored-key',
  'sso',
  'login-session',
  'credential-process',
  'web-identity',
] satisfies readonly SignIn[];

function isSignIn(type: string): type is SignIn {
  return SIGN_INS.includes(type);
}

function baseStatus(files: AwsFiles, base: ResolvedProfile, request: StatusRequest): readonly BaseStatus[] {
  const { name, credentials, settings } = base;
  if (!isSignIn(credentials.type) || ('base' in credentials && credentials.base !== undefined)) return [];
  // Stepup's own line leads to another profile, which is the base.
  if (credentials.type === 'credential-process' && credentials.leadsTo !== undefined) return [];
  const device = settings.get('mfa_serial')?.value;
  const session = hasKey(credentials) ? sessionStatus(files, base, request) : undefined;
  return [
    {
      profile: name,
      signsIn: credentials.type,
      ...keyStore(credentials),
      ...(device === undefined ? {} : { device }),
      ...(session === undefined ? {} : { session }),
    },
  ];
}

function keyStore(credentials: ProfileCredentials): { readonly keyStore?: string } {
  if (credentials.type === 'long-term-key') return { keyStore: 'file' };
  return credentials.type === 'stored-key' ? { keyStore: credentials.store } : {};
}

function hasKey({ type }: ProfileCredentials): boolean {
  return type === 'long-term-key' || type === 'stored-key';
}

function sessionStatus(files: AwsFiles, base: ResolvedProfile, request: StatusRequest): SessionStatus | undefined {
  const profile = sessionProfileOf(files, base.name);
  const session = keptSession(files, profile, request.env);
  if (session?.baseKeyId === undefined) return undefined;
  const fault = faultIn(files, base, session, [], request);
  return {
    profile,
    store: session.type === 'stored-session' ? session.store : 'file',
    ...(session.expiresAtMs === undefined ? {} : { expiresAtMs: session.expiresAtMs }),
    ...(session.authenticatedAtMs === undefined ? {} : { authenticatedAtMs: session.authenticatedAtMs }),
    ...(fault === undefined ? {} : { fault }),
  };
}

function faultIn(
  files: AwsFiles,
  base: ResolvedProfile,
  session: KeptSession,
  maxAgesSeconds: readonly number[],
  { env, nowMs }: StatusRequest,
): SessionFault | undefined {
  // Which key a store holds may not be known without opening it.
  const baseKeyId = keyIdOf(base) ?? session.baseKeyId ?? '';
  const custom = endpointSettings(files, base, 'sts', env).custom;
  const endpoint = custom !== undefined && URL.canParse(custom.url) ? new URL(custom.url).origin : custom?.url;
  return faultOf(session, { baseKeyId, endpoint, nowMs, minLeftSeconds: 0, maxAgesSeconds });
}

/** A base that has a key, and its MFA session, if there is one. */
interface KnownBase {
  readonly base: ResolvedProfile;
  readonly session: KeptSession | undefined;
}

function roleStatus(
  files: AwsFiles,
  profile: ResolvedProfile,
  bases: ReadonlyMap<string, KnownBase>,
  request: StatusRequest,
): readonly RoleStatus[] {
  const { name, credentials } = profile;
  if (credentials.type !== 'role') return [];
  const { roleArn } = credentials;
  const origin = originOf(profile);
  const known = origin.type === 'profile' ? bases.get(origin.name) : undefined;
  if (known === undefined) {
    const named = origin.type === 'profile' && files.profiles.has(origin.name) ? { base: origin.name } : {};
    return [{ profile: name, roleArn, ...named, verdict: 'not-by-code' }];
  }
  const { base, session } = known;
  const shared = { profile: name, roleArn, base: base.name };
  const gate = gateOf(firstRole(credentials), keyIdOf(base) ?? base.name, request);
  const described = { ...shared, ...(gate === undefined ? {} : { gate }) };
  if (session === undefined) return [{ ...described, verdict: 'no-session' }];
  const fault = faultIn(files, base, session, gate === undefined ? [] : [gate.maxAgeSeconds], request);
  if (fault !== undefined) return [{ ...described, verdict: fault }];
  return [{ ...described, verdict: 'opens', opensUntilMs: endOf(session, gate?.maxAgeSeconds) }];
}

/** Of a chain, the role that is entered from the session: it has the gate. */
function firstRole(role: Role): Role {
  const { source } = role;
  return source.type === 'profile' && source.credentials.type === 'role' ? firstRole(source.credentials) : role;
}

function gateOf(role: Role, baseKeyId: string, { gates }: StatusRequest): RoleStatus['gate'] {
  if (role.maxAgeSeconds !== undefined) return { maxAgeSeconds: role.maxAgeSeconds, from: 'written' };
  const learned = recallGate(gates, baseKeyId, role.roleArn).maxAgeSeconds;
  return learned === undefined ? undefined : { maxAgeSeconds: learned, from: 'learned' };
}

function endOf(session: KeptSession, maxAgeSeconds: number | undefined): number {
  const closesMs =
    maxAgeSeconds === undefined || session.authenticatedAtMs === undefined
      ? Number.POSITIVE_INFINITY
      : session.authenticatedAtMs + maxAgeSeconds * 1000;
  return Math.min(closesMs, session.expiresAtMs ?? closesMs);
}

function foreignSession(profile: string, credentials: ProfileCredentials): readonly ForeignSession[] {
  if (credentials.type !== 'session' || credentials.baseKeyId !== undefined) return [];
  return [{ profile, ...(credentials.expiresAtMs === undefined ? {} : { expiresAtMs: credentials.expiresAtMs }) }];
}

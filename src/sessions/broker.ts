/**
 * Credentials that will work, by the cheapest way: a kept role session; a kept MFA session, or a role session made from
 * it; and only then a person and a code. It knows the gates: an MFA session that AWS would refuse for its age isn't
 * tried, a person is asked first, and told why.
 */
import type { Credentials } from '../aws/credentials.ts';
import type { SessionCredentials } from '../aws/sts.ts';
import { isStepupError, StepupError } from '../errors.ts';
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import { ENDPOINT_KEYS, regionOf } from '../profiles/endpoint-settings.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { recallGate, rememberGate } from './gate-memory.ts';
import { faultOf, type KeptSession, keptSession, type SessionFault } from './kept-session.ts';
import { type OnePromptOptions, onePrompt, type PromptTurn } from './one-prompt.ts';
import { type RoleSessionIdentity, type RoleWish, readRoleSession, writeRoleSession } from './role-cache.ts';
import { type Base, type RoleStep, routeTo } from './route.ts';
import type { Broker, CredentialWish, GrantedCredentials } from './wish.ts';

/** What the broker knows of a base that has a key, without opening the store that the key is in. */
export interface KeyedBase {
  readonly profile: string;
  readonly sessionProfile: string;
  /** Undefined for a key in a store that hasn't been used yet. */
  readonly keyId: string | undefined;
  /** The custom endpoint that its sessions come from; undefined for AWS's own. */
  readonly endpoint: string | undefined;
}

/** Why a person is asked: nothing there, or what is wrong with what is. */
export type AskingReason = 'none' | SessionFault | 'refused';

export interface BrokerLogin {
  readonly base: KeyedBase;
  readonly reason: AskingReason;
  /** The role that it is for, for the prompt. */
  readonly roleArn?: string;
  readonly turn: PromptTurn;
}

export interface AssumeRequest {
  /** The profile whose endpoint and region the call uses. */
  readonly profile: string;
  readonly step: RoleStep;
  readonly sessionName: string;
  readonly durationSeconds: number;
}

export interface BrokerPorts {
  readonly env: Environment;
  readonly now: () => number;
  readonly readFiles: () => AwsFiles;
  readonly folders: { readonly roleSessions: string; readonly gates: string };
  readonly prompting: Pick<
    OnePromptOptions<unknown>,
    'folder' | 'self' | 'onWaiting' | 'isStopped' | 'signal' | 'silenceMs'
  >;
  /** Of role sessions whose profile names none. */
  readonly defaultSessionName: string;
  /** Seconds that role sessions last where the profile doesn't say. */
  readonly roleDurationSeconds: number;
  /** What must be left of kept credentials where the wish doesn't say. */
  readonly leadSeconds: number;
  readonly describeBase: (files: AwsFiles, base: Extract<Base, { type: 'keyed' }>) => KeyedBase;
  readonly longTermKey: (base: string) => Promise<Credentials>;
  /** Asks a person, gets the session, and keeps it in the session's profile. */
  readonly login: (request: BrokerLogin) => Promise<void>;
  readonly assumeRole: (request: AssumeRequest, from: Credentials) => Promise<SessionCredentials>;
  /** AssumeRole by the key itself, with a code on the call. */
  readonly assumeRoleWithCode: (request: AssumeRequest & BrokerLogin) => Promise<SessionCredentials>;
  /** By the SDK's own providers. */
  readonly provided: (profile: string) => Promise<Credentials>;
  /** What a person can run to get a session, never with a code in it. */
  readonly loginCommand: (base: string) => string;
}

/** AWS's limit for a role entered with temporary credentials (STS API Reference, AssumeRole, DurationSeconds). */
const chainedLimitSeconds = 3_600;
/** An MFA session with less than this left isn't worth beginning with. */
const mfaLeadSeconds = 60;
/** Clocks differ and calls take time: this much before a gate closes, it counts as closed. */
const gateLeadSeconds = 15;

export function createBroker(ports: BrokerPorts): Broker {
  return { credentialsFor: (wish) => grant(ports, wish) };
}

async function grant(ports: BrokerPorts, wish: CredentialWish): Promise<GrantedCredentials> {
  const files = ports.readFiles();
  const resolved = resolveProfile(files, wish.profile, ports.env);
  const { base, roles } = routeTo(files, resolved);
  const place = placeOf(resolved, ports.env);
  if (wish.longTerm === true) {
    if (base.type !== 'keyed' || roles.length > 0) throw new StepupError('no-long-term-key', { profile: wish.profile });
    return { ...place, credentials: await ports.longTermKey(base.profile) };
  }
  const last = roles.at(-1);
  if (last === undefined) return { ...place, credentials: await baseCredentials(ports, files, base, wish) };
  return {
    ...place,
    roleArn: last.roleArn,
    chained: roles.length > 1,
    credentials: await roleCredentials(ports, files, base, roles, wish),
  };
}

/** Without a role: the MFA session of a base that has a key, else what the base gives. */
async function baseCredentials(
  ports: BrokerPorts,
  files: AwsFiles,
  base: Base,
  wish: CredentialWish,
): Promise<Credentials> {
  if (base.type === 'provided') return ports.provided(base.profile);
  if (base.type === 'foreign-session') return foreignSession(ports, base);
  const keyed = ports.describeBase(files, base);
  return mfaSession(ports, keyed, { wish, minLeftSeconds: wish.minLeftSeconds ?? mfaLeadSeconds, maxAgesSeconds: [] });
}

function foreignSession(
  ports: BrokerPorts,
  { profile, session }: Extract<Base, { type: 'foreign-session' }>,
): Credentials {
  if (session.expiresAtMs !== undefined && session.expiresAtMs <= ports.now()) {
    throw new StepupError('base-without-credentials', {
      base: profile,
      detail: 'the session in it, which stepup did not make, has ended',
    });
  }
  return session;
}

async function roleCredentials(
  ports: BrokerPorts,
  files: AwsFiles,
  base: Base,
  roles: readonly RoleStep[],
  wish: CredentialWish,
): Promise<Credentials> {
  const keyed = base.type === 'keyed' ? ports.describeBase(files, base) : undefined;
  const identity = identityOf(ports, base, keyed, roles);
  const leadMs = (wish.minLeftSeconds ?? ports.leadSeconds) * 1_000;
  const kept = readRoleSession(ports.folders.roleSessions, identity, ports.now() + leadMs);
  if (kept !== undefined) return kept.credentials;
  try {
    return keyed === undefined
      ? await throughRoles(ports, roles, await baseCredentials(ports, files, base, wish), identity, base)
      : await fromKey(ports, keyed, roles, identity, wish);
  } catch (error) {
    // What is kept still works for a while, and nobody who could renew it is there: better than nothing, unless more was asked for.
    const short = wish.minLeftSeconds === undefined && isLackOfPerson(error);
    const rest = short
      ? readRoleSession(ports.folders.roleSessions, identity, ports.now() + mfaLeadSeconds * 1_000)
      : undefined;
    if (rest === undefined) throw error;
    return rest.credentials;
  }
}

function isLackOfPerson(error: unknown): boolean {
  return isStepupError(error, 'person-needed') || isStepupError(error, 'no-terminal');
}

/** From a key: over its MFA session, or, where a session can't serve, with the code on AssumeRole itself. */
async function fromKey(
  ports: BrokerPorts,
  base: KeyedBase,
  roles: readonly RoleStep[],
  identity: RoleSessionIdentity,
  wish: CredentialWish,
): Promise<Credentials> {
  const [first] = roles;
  if (first === undefined) throw new StepupError('internal', { problem: 'a role profile without a role' });
  if (roles.length === 1 && durationOf(ports, first, true) > chainedLimitSeconds) {
    return withCodeOnRole(ports, base, first, identity, wish);
  }
  const gate = recallGate(ports.folders.gates, base.keyId ?? base.profile, first.roleArn);
  const maxAgeSeconds = first.maxAgeSeconds ?? gate.maxAgeSeconds;
  const needs = {
    wish,
    minLeftSeconds: mfaLeadSeconds,
    maxAgesSeconds: maxAgeSeconds === undefined ? [] : [maxAgeSeconds - gateLeadSeconds],
    roleArn: first.roleArn,
  };
  const session = await mfaSession(ports, base, needs);
  try {
    return await entered(ports, base, roles, session, identity);
  } catch (error) {
    if (!isClosedDoor(error, first)) throw error;
    return retryWithFreshCode(ports, base, roles, { session, identity, wish, error });
  }
}

async function entered(
  ports: BrokerPorts,
  base: KeyedBase,
  roles: readonly RoleStep[],
  session: KeptSession,
  identity: RoleSessionIdentity,
): Promise<Credentials> {
  const credentials = await throughRoles(ports, roles, session, identity, undefined, session);
  const [first] = roles;
  if (first !== undefined) remember(ports, base, first.roleArn, { hasLetIn: true });
  return credentials;
}

/**
 * A role that let us in before, or whose gate's age nobody knows, refuses this session: perhaps for its age. One person
 * is asked once for it; if the fresh session gets in, the gate's age was below the old one's.
 */
async function retryWithFreshCode(
  ports: BrokerPorts,
  base: KeyedBase,
  roles: readonly RoleStep[],
  tried: {
    readonly session: KeptSession;
    readonly identity: RoleSessionIdentity;
    readonly wish: CredentialWish;
    readonly error: unknown;
  },
): Promise<Credentials> {
  const [first] = roles;
  const { session, identity, wish, error } = tried;
  if (first === undefined || session.authenticatedAtMs === undefined) throw error;
  const gate = recallGate(ports.folders.gates, base.keyId ?? base.profile, first.roleArn);
  const sessionId = session.accessKeyId;
  const isHopeless = first.maxAgeSeconds !== undefined || !gate.hasLetIn || gate.askedForSession === sessionId;
  if (isHopeless) throw error;
  const ageSeconds = Math.floor((ports.now() - session.authenticatedAtMs) / 1_000);
  remember(ports, base, first.roleArn, { ...gate, askedForSession: sessionId });
  const fresh = await mfaSession(ports, base, {
    wish,
    minLeftSeconds: mfaLeadSeconds,
    maxAgesSeconds: [],
    roleArn: first.roleArn,
    notSession: sessionId,
  });
  try {
    const credentials = await throughRoles(ports, roles, fresh, identity, undefined, fresh);
    remember(ports, base, first.roleArn, { hasLetIn: true, maxAgeSeconds: Math.max(1, ageSeconds) });
    return credentials;
  } catch (refused) {
    // It isn't the age: no code helps until the role lets somebody in again.
    if (isClosedDoor(refused, first)) remember(ports, base, first.roleArn, { ...gate, hasLetIn: false });
    throw refused;
  }
}

function remember(ports: BrokerPorts, base: KeyedBase, roleArn: string, change: ReturnType<typeof recallGate>): void {
  const id = base.keyId ?? base.profile;
  const known = recallGate(ports.folders.gates, id, roleArn);
  const next = { ...known, ...change };
  if (JSON.stringify(next) !== JSON.stringify(known)) rememberGate(ports.folders.gates, id, roleArn, next);
}

function isClosedDoor(error: unknown, first: RoleStep): boolean {
  return (
    isStepupError(error, 'aws-refused') &&
    error.fields.awsCode === 'AccessDenied' &&
    error.fields.message.includes(first.roleArn)
  );
}

/** Enters one role after another, and keeps the last session. */
async function throughRoles(
  ports: BrokerPorts,
  roles: readonly RoleStep[],
  start: Credentials,
  identity: RoleSessionIdentity,
  base: Base | undefined,
  session?: KeptSession,
): Promise<Credentials> {
  let from = start;
  let last: SessionCredentials | undefined;
  for (const step of roles) {
    const durationSeconds = Math.min(durationOf(ports, step, false), chainedLimitSeconds);
    try {
      last = await ports.assumeRole(assumeRequest(ports, step, durationSeconds), from);
    } catch (error) {
      throw base?.type === 'provided' && isClosedDoor(error, step) ? closedTo(base, step, error) : error;
    }
    from = last;
  }
  if (last === undefined) return start;
  const authenticatedAtMs = session?.authenticatedAtMs;
  writeRoleSession(ports.folders.roleSessions, identity, {
    credentials: last,
    ...(authenticatedAtMs !== undefined && { authenticatedAtMs }),
  });
  return last;
}

function closedTo(base: Extract<Base, { type: 'provided' }>, step: RoleStep, cause: unknown): StepupError {
  const { profile, roleArn } = step;
  return new StepupError('gate-closed-to-base', { profile, roleArn, base: base.profile, baseType: base.by }, { cause });
}

interface SessionWish {
  readonly wish: CredentialWish;
  readonly minLeftSeconds: number;
  readonly maxAgesSeconds: readonly number[];
  readonly roleArn?: string;
  /** A session that was refused: any other will do. */
  readonly notSession?: string;
}

/** The base's MFA session if it serves, else a new one, for which one of all waiting processes asks one person. */
async function mfaSession(ports: BrokerPorts, base: KeyedBase, needs: SessionWish): Promise<KeptSession> {
  let reason: AskingReason = 'none';
  const ready = (): KeptSession | undefined => {
    const session = keptSession(ports.readFiles(), base.sessionProfile, ports.env);
    if (session === undefined) {
      reason = 'none';
      return undefined;
    }
    const fault = faultOf(session, {
      baseKeyId: base.keyId ?? session.baseKeyId ?? '',
      endpoint: base.endpoint,
      nowMs: ports.now(),
      minLeftSeconds: needs.minLeftSeconds,
      maxAgesSeconds: needs.maxAgesSeconds,
    });
    const isRefused = session.accessKeyId === needs.notSession;
    reason = fault ?? (isRefused ? 'refused' : 'none');
    return fault === undefined && !isRefused ? session : undefined;
  };
  const found = ready();
  if (found !== undefined) return found;
  if (!needs.wish.mayAsk) {
    throw new StepupError('person-needed', { profile: needs.wish.profile, command: ports.loginCommand(base.profile) });
  }
  return onePrompt<KeptSession>({
    ...ports.prompting,
    name: promptName(base),
    now: ports.now,
    ready,
    ask: async (turn) => {
      await ports.login({ base, reason, turn, ...(needs.roleArn !== undefined && { roleArn: needs.roleArn }) });
      const fresh = ready();
      if (fresh === undefined) throw new StepupError('internal', { problem: `a new session doesn't serve: ${reason}` });
      return fresh;
    },
  });
}

/** Where an MFA session can't serve: a role session of more than an hour must be entered by the key itself. */
function withCodeOnRole(
  ports: BrokerPorts,
  base: KeyedBase,
  step: RoleStep,
  identity: RoleSessionIdentity,
  wish: CredentialWish,
): Promise<Credentials> {
  if (!wish.mayAsk) {
    throw new StepupError('person-needed', {
      profile: wish.profile,
      command: `stepup exec ${wish.profile} -- true`,
    });
  }
  const leadMs = (wish.minLeftSeconds ?? ports.leadSeconds) * 1_000;
  return onePrompt<Credentials>({
    ...ports.prompting,
    name: `${promptName(base)}-${fileSafe(step.profile)}`,
    now: ports.now,
    ready: () => readRoleSession(ports.folders.roleSessions, identity, ports.now() + leadMs)?.credentials,
    ask: async (turn) => {
      const request = assumeRequest(ports, step, durationOf(ports, step, true));
      const authenticatedAtMs = ports.now();
      const credentials = await ports.assumeRoleWithCode({
        ...request,
        base,
        reason: 'none',
        roleArn: step.roleArn,
        turn,
      });
      writeRoleSession(ports.folders.roleSessions, identity, { credentials, authenticatedAtMs });
      return credentials;
    },
  });
}

function identityOf(
  ports: BrokerPorts,
  base: Base,
  keyed: KeyedBase | undefined,
  roles: readonly RoleStep[],
): RoleSessionIdentity {
  return {
    endpoint: keyed === undefined ? `of ${base.profile}` : (keyed.endpoint ?? 'AWS'),
    base: keyed?.keyId ?? `profile ${base.profile}`,
    roles: roles.map((step): RoleWish => {
      const { roleArn, externalId, sourceIdentity, sessionTags, transitiveSessionTags } = step;
      return {
        roleArn,
        sessionName: sessionNameOf(ports, step),
        durationSeconds: durationOf(ports, step, roles.length === 1),
        tags: sessionTags.map(({ key, value }) => [key, value] as const),
        transitiveTagKeys: transitiveSessionTags,
        ...(externalId !== undefined && { externalId }),
        ...(sourceIdentity !== undefined && { sourceIdentity }),
      };
    }),
  };
}

function assumeRequest(ports: BrokerPorts, step: RoleStep, durationSeconds: number): AssumeRequest {
  return { profile: step.profile, step, sessionName: sessionNameOf(ports, step), durationSeconds };
}

function sessionNameOf(ports: BrokerPorts, step: RoleStep): string {
  return step.roleSessionName ?? ports.defaultSessionName;
}

/** A chain's sessions last an hour at most; there, more isn't asked for. */
function durationOf(ports: BrokerPorts, { durationSeconds }: RoleStep, isDirect: boolean): number {
  const wished = durationSeconds ?? ports.roleDurationSeconds;
  return isDirect ? wished : Math.min(wished, chainedLimitSeconds);
}

function placeOf(resolved: ResolvedProfile, env: Environment): Omit<GrantedCredentials, 'credentials'> {
  const region = regionOf(resolved, env);
  const placeKeys = [...ENDPOINT_KEYS].flatMap((key) => {
    const value = resolved.settings.get(key)?.value;
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return {
    profile: resolved.name,
    ...(region !== undefined && { region }),
    placeKeys: region === undefined ? placeKeys : [['region', region] as const, ...placeKeys],
  };
}

/** One prompt a base and endpoint; the same for all that want it. */
function promptName({ profile, endpoint }: KeyedBase): string {
  return fileSafe(`${profile}@${endpoint ?? 'AWS'}`);
}

function fileSafe(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E').slice(0, 150);
}

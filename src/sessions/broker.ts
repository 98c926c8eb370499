/**
 * Credentials that will work, by the cheapest way: a kept role session; a kept MFA session, or a role session made from
 * it; and only then a person and a code. It knows the gates: an MFA session that AWS would refuse for its age isn't
 * tried, a person is asked first, and told why.
 */
import type { Credentials } from '../aws/credentials.ts';
import { isStepupError, StepupError } from '../errors.ts';
import type { AwsFiles } from '../profiles/aws-files.ts';
import { mfaSession, withCodeOnRole } from './ask-for-session.ts';
import type { BrokerPorts, KeyedBase } from './broker-ports.ts';
import { recallGate, rememberGate } from './gate-memory.ts';
import { identified, keptCredentials, mfaLeadSeconds, type Way, wayTo } from './kept-credentials.ts';
import type { OpenSession } from './kept-session.ts';
import { profilePlace } from './profile-place.ts';
import { type RoleSessionIdentity, readRoleSession } from './role-cache.ts';
import { isClosedDoor, throughRoles } from './role-chain.ts';
import { chainedLimitSeconds, durationOf } from './role-identity.ts';
import type { Base, RoleStep } from './route.ts';
import type { Broker, CredentialWish, GrantedCredentials } from './wish.ts';

/** Clocks differ and calls take time: this much before a gate closes, it counts as closed. */
const gateLeadSeconds = 15;
const shortestGateSeconds = 60;

export function createBroker(ports: BrokerPorts): Broker {
  return { credentialsFor: (wish) => grant(ports, wish) };
}

async function grant(ports: BrokerPorts, wish: CredentialWish): Promise<GrantedCredentials> {
  const way = wayTo(ports, wish);
  return { ...profilePlace(way, ports.env), credentials: await credentialsOn(ports, way, wish) };
}

async function credentialsOn(ports: BrokerPorts, way: Way, wish: CredentialWish): Promise<Credentials> {
  const { base, roles } = way;
  if (wish.longTerm === true) {
    if (base.type !== 'keyed' || roles.length > 0) throw new StepupError('no-long-term-key', { profile: wish.profile });
    return ports.longTermKey(base.profile);
  }
  const kept = keptCredentials(ports, way, wish);
  if (kept !== undefined) return kept;
  return roles.length === 0 ? baseCredentials(ports, way.files, base, wish) : roleCredentials(ports, way, wish);
}

/** Without a role: the MFA session of a base that has a key, else what the base gives. */
async function baseCredentials(
  ports: BrokerPorts,
  files: AwsFiles,
  base: Base,
  wish: CredentialWish,
): Promise<Credentials> {
  if (base.type === 'provided') return ports.provided(base);
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

async function roleCredentials(ports: BrokerPorts, way: Way, wish: CredentialWish): Promise<Credentials> {
  const { files, base, roles } = way;
  const { keyed, identity } = identified(ports, way);
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
    maxAgesSeconds: maxAgeSeconds === undefined ? [] : [maxAgeSeconds - Math.min(gateLeadSeconds, maxAgeSeconds / 2)],
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
  session: OpenSession,
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
    readonly session: OpenSession;
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
  const ageSeconds = Math.floor((ports.now() - session.authenticatedAtMs) / 1_000);
  // Nobody makes a gate that closes within a minute: a young session is refused for another reason.
  const isYoung = ageSeconds < shortestGateSeconds;
  if (isYoung || first.maxAgeSeconds !== undefined || !gate.hasLetIn) throw error;
  const mayAsk = wish.mayAsk && gate.askedForSession !== sessionId;
  const needs = { wish: { ...wish, mayAsk }, minLeftSeconds: mfaLeadSeconds, maxAgesSeconds: [] };
  let fresh: OpenSession;
  try {
    fresh = await mfaSession(ports, base, { ...needs, roleArn: first.roleArn, notSession: sessionId });
  } catch (unanswered) {
    // Somebody was there and gave no code: for this session nobody is asked again.
    if (!isLackOfPerson(unanswered)) remember(ports, base, first.roleArn, { ...gate, askedForSession: sessionId });
    throw unanswered;
  }
  try {
    const credentials = await throughRoles(ports, roles, fresh, identity, undefined, fresh);
    remember(ports, base, first.roleArn, { hasLetIn: true, maxAgeSeconds: ageSeconds });
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

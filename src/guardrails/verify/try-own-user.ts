/**
 * The guardrails tried for real, by the one user whose key is here: what a thief of the key would try, and what its
 * owner does with one code. Every call reads, or asks to be let in and drops what it gets; nothing is kept.
 */
import type { Credentials } from '../../aws/credentials.ts';
import type { AssumeRoleRequest } from '../../aws/sts.ts';
import { isStepupError } from '../../errors.ts';
import type { RoleBlueprint, UserBlueprint } from '../blueprint/blueprint.ts';
import type { Claim, Failure, Finding, Method } from './claims.ts';

export interface TryPorts {
  readonly key: Credentials;
  /** GetSessionToken without a code. */
  readonly sessionWithoutCode: () => Promise<Credentials>;
  /** GetSessionToken with one: a person is asked. */
  readonly sessionWithCode: () => Promise<Credentials>;
  readonly assumeRole: (request: AssumeRoleRequest, by: Credentials) => Promise<unknown>;
  /** Harmless calls that the pattern's user may not make, by name. */
  readonly elsewhere: ReadonlyMap<string, (by: Credentials) => Promise<unknown>>;
  /** Moves the clock of a sandbox ahead; absent for AWS, which has one clock for everybody. */
  readonly moveClock?: (seconds: number) => Promise<void>;
}

/** The least that AWS gives, since nobody uses it (STS API Reference, AssumeRole). */
const ROLE_SECONDS = 900;

/** `roles` are all that are gated, whether the user may enter them or not. Throws what is no refusal: no network, no code. */
export async function tryOwnUser(
  user: UserBlueprint,
  roles: readonly RoleBlueprint[],
  ports: TryPorts,
): Promise<readonly Finding[]> {
  const own = roles.filter(({ gate }) => gate.entrants.includes(user.userArn));
  const others = roles.filter((role) => !own.includes(role));
  const at = (doors: readonly RoleBlueprint[], by: Credentials): readonly Attempt[] =>
    doors.map((role) => ({ what: role.arn, call: () => ports.assumeRole(entryRequest(role), by) }));
  const elsewhere = [...ports.elsewhere].map(([what, call]) => ({ what, call: () => call(ports.key) }));
  const round = (claim: Claim, attempts: readonly Attempt[], method: Method = 'tried'): Promise<Finding> =>
    tryAll(user.userArn, method, claim, attempts);

  const findings = [
    await round('key elsewhere', elsewhere),
    await round('key alone', at(roles, ports.key)),
    await round('session without a code', at(roles, await ports.sessionWithoutCode())),
  ];
  const session = await ports.sessionWithCode();
  findings.push(await round('fresh code', at(own, session)), await round('not an entrant', at(others, session)));
  if (ports.moveClock !== undefined) {
    findings.push(await round('aged code', agedAttempts(own, session, ports, ports.moveClock), 'sandbox only'));
  }
  return findings.filter(({ cases }) => cases > 0);
}

interface Attempt {
  readonly what: string;
  readonly call: () => Promise<unknown>;
}

/** The gate that closes first is tried first, each at the very age that it no longer takes. */
function agedAttempts(
  own: readonly RoleBlueprint[],
  session: Credentials,
  ports: TryPorts,
  moveClock: (seconds: number) => Promise<void>,
): readonly Attempt[] {
  let ageSeconds = 0;
  return [...own]
    .sort((a, b) => a.gate.maxAgeSeconds - b.gate.maxAgeSeconds)
    .map((role) => ({
      what: role.arn,
      call: async () => {
        const { maxAgeSeconds } = role.gate;
        if (maxAgeSeconds > ageSeconds) await moveClock(maxAgeSeconds - ageSeconds);
        ageSeconds = Math.max(ageSeconds, maxAgeSeconds);
        await ports.assumeRole(entryRequest(role), session);
      },
    }));
}

/** Asks to be let in for as short as can be. */
export function entryRequest({ arn, gate }: RoleBlueprint): AssumeRoleRequest {
  return {
    roleArn: arn,
    sessionName: 'stepup-verify',
    durationSeconds: ROLE_SECONDS,
    policyArns: [],
    tags: [],
    transitiveTagKeys: [],
    ...(gate.externalId !== undefined && { externalId: gate.externalId }),
  };
}

/** Only `fresh code` is meant to be let in; for the others nothing but AccessDenied counts as refused. */
async function tryAll(who: string, method: Method, claim: Claim, attempts: readonly Attempt[]): Promise<Finding> {
  const failures: Failure[] = [];
  for (const { what, call } of attempts) {
    const refusal = await refusalOf(call);
    const isAsMeant = claim === 'fresh code' ? refusal === undefined : refusal === 'AccessDenied';
    if (!isAsMeant) failures.push({ who, what, because: refusal ?? 'let in' });
  }
  return { method, claim, cases: attempts.length, failures };
}

/** AWS's code for its no; undefined for a yes. */
async function refusalOf(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (isStepupError(error, 'aws-refused')) return error.fields.awsCode;
    if (isStepupError(error, 'session-expired')) return 'ExpiredToken';
    throw error;
  }
}

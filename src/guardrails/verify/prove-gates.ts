/**
 * Every user, role, age and kind of session against every gate, decided by the evaluator over the policies as they were
 * read back: what a thief could have is refused, and who should get in does.
 */
import type { Account } from '../../account/account.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import type { RoleBlueprint } from '../blueprint/blueprint.ts';
import {
  type AskedRole,
  type Asker,
  askingRole,
  askingUser,
  decideEntry,
  EXTERNAL_ID,
  type Keys,
  PRESENT_WITHOUT_AGE,
  WITHOUT_CODE,
  withCode,
} from '../lock-out/asker.ts';
import { LONGEST_SESSION_SECONDS } from '../plan/ended-sessions.ts';
import type { Claim, Failure, Finding } from './claims.ts';

/** A gate as it was read back, beside what it should be. */
interface Door extends AskedRole {
  readonly wanted: RoleBlueprint;
}

/** What the credentials of each claim bring, by the gate's age, and whether an entrant gets in by it. */
const OF_USERS: readonly {
  readonly claim: Claim;
  readonly opens: boolean;
  readonly credentials: (maxAgeSeconds: number) => readonly Keys[];
}[] = [
  { claim: 'fresh code', opens: true, credentials: (age) => [withCode(0), withCode(age - 1)] },
  { claim: 'key alone', opens: false, credentials: () => [{}] },
  { claim: 'session without a code', opens: false, credentials: () => [WITHOUT_CODE] },
  {
    claim: 'aged code',
    opens: false,
    // A session that shows MFA and no age is as old as can be.
    credentials: (age) => [withCode(age), withCode(Math.max(age + 1, LONGEST_SESSION_SECONDS)), PRESENT_WITHOUT_AGE],
  },
];

/** A role session shows no MFA by AWS's word, and that of the session it was entered from by users' reports. */
const OF_ROLE_SESSIONS: readonly Keys[] = [WITHOUT_CODE, PRESENT_WITHOUT_AGE, withCode(0)];

/**
 * `wanted` are the gated roles of the blueprint, `accounts` what was read back. A role that isn't there fails each claim.
 * Throws what AccountPolicies throws.
 */
export function proveGates(wanted: readonly RoleBlueprint[], accounts: readonly Account[]): readonly Finding[] {
  const tally = new Tally();
  const places = accounts.map((account) => ({ account, policies: new AccountPolicies(account) }));
  const users = places.flatMap(({ account, policies }) =>
    account.users.map((user) => askingUser(account, policies, user)),
  );
  const federated = users.map(federatedSession);
  const sessions = places.flatMap(({ account, policies }) =>
    account.roles.map((role) => askingRole(account, policies, role)),
  );
  for (const role of wanted) {
    const place = places.find(({ account }) => account.accountId === accountOf(role.arn));
    const found = place?.account.roles.find(({ arn }) => arn === role.arn);
    if (place === undefined || found === undefined) {
      tally.fail('fresh code', { what: role.arn, because: 'is not there' });
      continue;
    }
    const door: Door = {
      wanted: role,
      arn: role.arn,
      trust: place.policies.trustOf(found),
      accountId: place.account.accountId,
    };
    for (const user of users) proveUser(door, user, tally);
    for (const session of federated) {
      tally.expect('federated session', door, session, {}, false);
    }
    for (const session of sessions) {
      for (const keys of OF_ROLE_SESSIONS) tally.expect('role session', door, session, keys, false);
    }
  }
  return tally.findings();
}

function proveUser(door: Door, user: Asker, tally: Tally): void {
  const { gate } = door.wanted;
  const mayEnter = gate.entrants.includes(user.arn);
  for (const { claim, opens, credentials } of OF_USERS) {
    for (const keys of credentials(gate.maxAgeSeconds)) {
      if (opens && !mayEnter) tally.expect('not an entrant', door, user, keys, false);
      else tally.expect(claim, door, user, keys, opens);
      if (opens && mayEnter && gate.externalId !== undefined) {
        tally.expect('external id', door, user, { ...keys, [EXTERNAL_ID]: `not ${gate.externalId}` }, false);
      }
    }
  }
}

class Tally {
  readonly #counts = new Map<Claim, { cases: number; failures: Failure[] }>();

  expect(claim: Claim, door: Door, asker: Asker, keys: Keys, opens: boolean): void {
    const { wanted } = door;
    const { externalId } = wanted.gate;
    const verdict = decideEntry(asker, door, {
      ...(externalId !== undefined && { [EXTERNAL_ID]: externalId }),
      ...keys,
    });
    const count = this.#of(claim);
    count.cases += 1;
    if ((verdict === 'allowed') === opens) return;
    count.failures.push({ who: asker.arn, what: wanted.arn, because: `${verdict} with ${shown(keys)}` });
  }

  fail(claim: Claim, failure: Failure): void {
    const count = this.#of(claim);
    count.cases += 1;
    count.failures.push(failure);
  }

  findings(): readonly Finding[] {
    return [...this.#counts].map(([claim, counted]) => ({ method: 'proved', claim, ...counted }));
  }

  #of(claim: Claim): { cases: number; failures: Failure[] } {
    const count = this.#counts.get(claim) ?? { cases: 0, failures: [] };
    this.#counts.set(claim, count);
    return count;
  }
}

function shown(keys: Keys): string {
  const named = Object.entries(keys).map(([key, value]) => `${key} ${value}`);
  return named.length === 0 ? 'no MFA keys' : named.join(', ');
}

/** The widest that GetFederationToken gives: all that the user may do. It never carries MFA keys. */
function federatedSession({ arn: userArn, held, brings }: Asker): Asker {
  const accountId = accountOf(userArn);
  const arn = `${userArn.split(':iam:', 1)[0]}:sts::${accountId}:federated-user/stepup-verify`;
  return {
    arn,
    principal: { type: 'federated-user', arn, accountId, userArn },
    held: { ...held, session: held.identity },
    brings: new Map([...brings].filter(([key]) => key !== 'aws:username')),
  };
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

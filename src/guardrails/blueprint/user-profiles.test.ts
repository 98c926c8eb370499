import { describe, expect, it } from 'vitest';
import { blueprintOf, PEOPLE, PROD } from '../../../test/support/guardrails-world.ts';
import { parseAwsFiles } from '../../profiles/aws-files.ts';
import { pricesOf } from '../desired-state/prices.ts';
import { readDesiredState } from '../desired-state/read.ts';
import { profileEdits, profilesFragment, userProfiles } from './user-profiles.ts';

const SETUP = `version: 1
identity: people
accounts: { people: { id: "${PEOPLE}" }, prod: { id: "${PROD}" } }
users: { alice: {} }
roles:
  ops: { account: [people, prod], enter: [alice], max_age: 15m, external_id: abc }
  read: { enter: [alice], session: 2h }
  work: { account: prod, enter: [alice] }
`;
const blueprint = blueprintOf(SETUP);
const alice = blueprint.accounts[0]!.users[0]!;

describe('the profiles of a user', () => {
  it('are a base, and one for each role, with the account’s name where names meet', () => {
    expect(profilesFragment(userProfiles(blueprint, alice, 'work', { region: 'eu-west-1' }))).toBe(`[profile work]
region = eu-west-1
mfa_serial = arn:aws:iam::${PEOPLE}:mfa/alice

[profile people-ops]
role_arn = arn:aws:iam::${PEOPLE}:role/ops
source_profile = work-mfa
region = eu-west-1
external_id = abc
stepup_mfa_max_age = 900

[profile prod-ops]
role_arn = arn:aws:iam::${PROD}:role/ops
source_profile = work-mfa
region = eu-west-1
external_id = abc
stepup_mfa_max_age = 900

[profile read]
role_arn = arn:aws:iam::${PEOPLE}:role/read
source_profile = work-mfa
region = eu-west-1
stepup_mfa_max_age = 43200

[profile prod-work]
role_arn = arn:aws:iam::${PROD}:role/work
source_profile = work-mfa
region = eu-west-1
stepup_mfa_max_age = 43200
`);
  });

  it('take no place that is another role’s', () => {
    const config = `[profile read]\nrole_arn = arn:aws:iam::${PROD}:role/other\nsource_profile = x\n`;
    const files = parseAwsFiles({ config: 'config', credentials: 'credentials' }, config, '');
    const { edits, skipped } = profileEdits(files, userProfiles(blueprint, alice, 'work'));
    expect(skipped).toEqual(['read']);
    expect(edits.map(({ profile }) => profile)).toEqual(['people-ops', 'prod-ops', 'prod-work']);
  });
});

it('has its prices: the shortest gates first, and sessions over an hour', () => {
  expect(pricesOf(readDesiredState(SETUP, 'f'))).toEqual([
    { type: 'short-gate', roles: ['ops'], maxAgeSeconds: 900 },
    { type: 'long-session', roles: ['read'] },
  ]);
});

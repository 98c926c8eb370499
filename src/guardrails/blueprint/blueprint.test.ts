import { describe, expect, it } from 'vitest';
import { allowsWithoutMfa } from '../../policy/ask/without-mfa.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { preparePolicy } from '../../policy/prepare.ts';
import { principalNamed } from '../../policy/principal-name.ts';
import { readDesiredState } from '../desired-state/read.ts';
import { compileBlueprint } from './blueprint.ts';
import { bootstrapPolicy } from './user-policies.ts';

const TWO_ACCOUNTS = `version: 1
identity: people
accounts:
  people: { id: "111122223333" }
  prod: { id: "444455556666" }
users:
  alice: { path: /staff/, self_service: [device, keys] }
  bob: {}
roles:
  ops: { account: prod, enter: [alice, bob], external_id: abc }
  read: { enter: [alice], max_age: 1h }
`;

const compile = (text: string) => compileBlueprint(readDesiredState(text, 'stepup.yaml'));
const ALICE = 'arn:aws:iam::111122223333:user/staff/alice';

describe('compileBlueprint', () => {
  it('puts users into the identity account, and gated roles where they belong', () => {
    const { accounts } = compile(TWO_ACCOUNTS);
    expect(
      accounts.map(({ account, users, roles }) => [
        account.label,
        users.map((u) => u.userArn),
        roles.map((r) => r.arn),
      ]),
    ).toEqual([
      ['people', [ALICE, 'arn:aws:iam::111122223333:user/bob'], ['arn:aws:iam::111122223333:role/read']],
      ['prod', [], ['arn:aws:iam::444455556666:role/ops']],
    ]);
    expect(JSON.parse(accounts[1]!.roles[0]!.trustPolicy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [ALICE, 'arn:aws:iam::111122223333:user/bob'] },
          Action: 'sts:AssumeRole',
          Condition: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            NumericLessThan: { 'aws:MultiFactorAuthAge': '43200' },
            StringEquals: { 'sts:ExternalId': 'abc' },
          },
        },
      ],
    });
  });

  it('lets a user assume exactly its roles', () => {
    const [alice, bob] = compile(TWO_ACCOUNTS).accounts[0]!.users;
    const enter = (user: typeof alice) => JSON.parse(user!.inlinePolicies[0]!.document).Statement;
    expect(enter(alice)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: ['arn:aws:iam::444455556666:role/ops', 'arn:aws:iam::111122223333:role/read'],
      },
    ]);
    expect(enter(bob)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::444455556666:role/ops' },
    ]);
    expect(bob!.inlinePolicies).toHaveLength(1);
  });

  it('refuses a trust policy beyond the quota, and takes it where the quota was raised', () => {
    const names = Array.from({ length: 60 }, (_, index) => `person-${index}`);
    const text = (quota: string) => `version: 1
accounts: { main: { id: "111122223333"${quota} } }
users: { ${names.map((name) => `${name}: {}`).join(', ')} }
roles: { ops: { enter: [${names.join(', ')}] } }
`;
    expect(() => compile(text(''))).toThrow(
      expect.objectContaining({
        code: 'setup-too-large',
        fields: expect.objectContaining({ limit: 2048, remedy: 'trust-quota' }),
      }),
    );
    expect(compile(text(', trust_quota: 4096')).accounts[0]!.roles[0]!.gate.entrants).toHaveLength(60);
  });

  it('fits twenty roles with self-service, and the bootstrap statement, into the quota of one user', () => {
    const roles = Array.from({ length: 20 }, (_, index) => `team-role-${index}: { enter: [alice] }`).join('\n  ');
    const [alice] = compile(`version: 1
accounts: { main: { id: "111122223333" } }
users: { alice: { self_service: [device, keys] } }
roles:
  ${roles}
`).accounts[0]!.users;
    const documents = [...alice!.inlinePolicies, bootstrapPolicy(alice!, 0)];
    expect(documents.reduce((sum, { document }) => sum + document.length, 0)).toBeLessThanOrEqual(2048);
  });
});

describe('what a stolen key can do', () => {
  const [alice] = compile(TWO_ACCOUNTS).accounts[0]!.users;
  const principal = principalNamed(ALICE, new Map())!;
  const policies = {
    identity: alice!.inlinePolicies.map(({ document }) => preparePolicy(parsePolicy(document, 'identity'))),
  };
  const ask = (action: string, resource: string) => allowsWithoutMfa({ principal, action, resource, policies });
  const OWN_DEVICE = 'arn:aws:iam::111122223333:mfa/alice';

  it.each([
    ['iam:CreateVirtualMFADevice', OWN_DEVICE],
    ['iam:CreateVirtualMFADevice', `${OWN_DEVICE}-2`],
    ['iam:EnableMFADevice', ALICE],
    ['iam:DeactivateMFADevice', ALICE],
    ['iam:DeleteVirtualMFADevice', OWN_DEVICE],
    ['iam:ResyncMFADevice', ALICE],
    ['iam:CreateAccessKey', ALICE],
    ['iam:DeleteAccessKey', ALICE],
    ['iam:UpdateAccessKey', ALICE],
    ['iam:PutUserPolicy', ALICE],
    ['iam:AttachUserPolicy', ALICE],
  ])('is not %s on %s, with self-service, in any context without MFA', (action, resource) => {
    expect(ask(action, resource).answer).toBe('no');
  });

  it('is to list its own devices, which changes nothing', () => {
    expect(ask('iam:ListMFADevices', ALICE).answer).toBe('yes');
  });
});

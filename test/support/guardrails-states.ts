/** Generated desired states, and accounts as an apply of them would leave them. */
import fc from 'fast-check';
import type { Account } from '../../src/account/account.ts';
import type { AccountBlueprint, Blueprint } from '../../src/guardrails/blueprint/blueprint.ts';
import { tagPart, tagsOfParts } from '../../src/guardrails/blueprint/parts.ts';
import type { SetupFile } from '../../src/guardrails/desired-state/setup-file.ts';
import type { ObservedAccount } from '../../src/guardrails/plan/observed.ts';

const USERS = ['ann', 'bob', 'cy', 'dee'];
const ROLES = ['ops', 'read', 'deploy'];

/** A setup of one or two accounts with these ids; the first is the identity account. */
export function setupOf(accountIds: readonly [string, ...string[]]): fc.Arbitrary<SetupFile> {
  const labels = accountIds.map((_, index) => `account-${index}`);
  const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  const user = fc.record(
    { self_service: fc.subarray(['device', 'keys'] as const), path: fc.constantFrom('/', '/staff/') },
    { requiredKeys: [] },
  );
  return some(USERS).chain((users) => {
    const role = fc.record(
      {
        account: fc.constantFrom(...labels),
        enter: some(users),
        max_age: fc.constantFrom(900, '1h', '12h', '36h'),
        session: fc.constantFrom('1h', '12h'),
        external_id: fc.constant('external'),
        path: fc.constantFrom('/', '/gated/'),
        permissions: fc.constantFrom(
          { managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
          { inline: { all: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } } },
          {},
        ),
        tags: fc.constant({ team: 'a' }),
      },
      { requiredKeys: ['account', 'enter'] },
    );
    return fc.record({
      version: fc.constant(1 as const),
      identity: fc.constant(labels[0] ?? ''),
      accounts: fc.constant(Object.fromEntries(accountIds.map((id, index) => [labels[index], { id }]))),
      users: fc
        .tuple(...users.map(() => user))
        .map((all) => Object.fromEntries(users.map((name, index) => [name, all[index] ?? {}]))),
      roles: fc
        .subarray(ROLES, { minLength: 1 })
        .chain((names) =>
          fc
            .tuple(...names.map(() => role))
            .map((all) => Object.fromEntries(names.map((name, index) => [name, all[index]]))),
        ),
    });
  }) as fc.Arbitrary<SetupFile>;
}

/** What IAM would tell of accounts that are exactly as the blueprint says. */
export function accountsAsBlueprint(blueprint: Blueprint): ReadonlyMap<string, ObservedAccount> {
  return new Map(
    blueprint.accounts.map((wanted) => [
      wanted.account.accountId,
      {
        account: accountAsBlueprint(blueprint.setup, wanted),
        roleSettings: new Map(
          wanted.roles.map(({ name, maxSessionSeconds, description }) => [
            name,
            { maxSessionSeconds, ...(description !== undefined && { description }) },
          ]),
        ),
        devices: new Map(),
      },
    ]),
  );
}

function accountAsBlueprint(setup: string, { account, users, roles }: AccountBlueprint): Account {
  const tagsOf = (own: readonly { readonly key: string; readonly value: string }[], parts: readonly string[]) => [
    ...own,
    ...tagsOfParts(setup, ['made', ...parts, ...own.map(({ key }) => tagPart(key))]),
  ];
  const arns = [...new Set(roles.flatMap(({ attachedPolicyArns }) => attachedPolicyArns))];
  const nothing = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } });
  return {
    accountId: account.accountId,
    partition: account.partition,
    users: users.map(({ userArn, name, path, inlinePolicies, tags, parts }) => ({
      ...{ arn: userArn, id: `AIDA${name}`, name, path, inlinePolicies },
      ...{ attachedPolicyArns: [], groupNames: [], tags: tagsOf(tags, parts) },
    })),
    groups: [],
    roles: roles.map(({ arn, name, path, trustPolicy, inlinePolicies, attachedPolicyArns, tags, parts }) => ({
      ...{ arn, id: `AROA${name}`, name, path, trustPolicy, inlinePolicies, attachedPolicyArns },
      tags: tagsOf(tags, parts),
    })),
    managedPolicies: arns.map((arn) => ({
      arn,
      name: arn.slice(arn.lastIndexOf('/') + 1),
      defaultVersionId: 'v1',
      versions: [{ versionId: 'v1', document: nothing }],
    })),
  };
}

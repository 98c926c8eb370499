/** Who may enter which role with which proof, by the policies read back from a world's accounts. */
import type { Account, Role, User } from '../../src/account/account.ts';
import { contextOfUser } from '../../src/account/context-of.ts';
import { readLiveAccount } from '../../src/account/live.ts';
import { AccountPolicies } from '../../src/account/policies-of.ts';
import { decide } from '../../src/policy/decide.ts';
import type { GuardrailsWorld } from './guardrails-world.ts';

/** A long-term key; a session without a code; a session whose code is this many seconds old. */
export type Proof = 'key' | 'no-code' | number;

export interface ReadAccount {
  readonly account: Account;
  readonly policies: AccountPolicies;
}

export async function readAccounts(world: GuardrailsWorld): Promise<ReadonlyMap<string, ReadAccount>> {
  const read = await Promise.all(
    world.sandbox.accounts.map(async (root) => {
      const account = await readLiveAccount(world.iam(root), {
        identity: { accountId: root.accountId, partition: 'aws' },
      });
      return [root.accountId, { account, policies: new AccountPolicies(account) }] as const;
    }),
  );
  return new Map(read);
}

export function mayEnter(
  user: User,
  role: Role,
  proof: Proof,
  people: ReadAccount,
  owner: ReadAccount,
  externalId?: string,
): boolean {
  const mfa: readonly (readonly [string, readonly string[]])[] =
    proof === 'key'
      ? []
      : proof === 'no-code'
        ? [['aws:multifactorauthpresent', ['false']]]
        : [
            ['aws:multifactorauthpresent', ['true']],
            ['aws:multifactorauthage', [String(proof)]],
          ];
  const context = new Map([
    ...contextOfUser(user),
    ...mfa,
    ...(externalId === undefined ? [] : [['sts:externalid', [externalId]] as const]),
  ]);
  const principal = { type: 'user', arn: user.arn, accountId: people.account.accountId, uniqueId: user.id } as const;
  const { identity, permissionsBoundary } = people.policies.ofUser(user);
  return (
    decide(
      { principal, action: 'sts:AssumeRole', resource: role.arn, context },
      { identity, permissionsBoundary, resource: owner.policies.trustOf(role) },
    ).verdict === 'allowed'
  );
}

/** The accounts as text to compare: no ids, no dates, and a window's end only as that there is one. */
export async function stateOf(world: GuardrailsWorld): Promise<string> {
  const accounts = [...(await readAccounts(world)).values()].map(({ account }) => ({
    users: byName(account.users),
    roles: byName(account.roles),
  }));
  return JSON.stringify(accounts, undefined, 1)
    .replace(/TokenIssueTime\\":\\"\d[^"]+/g, 'TokenIssueTime":"…')
    .replace(/"(id|createdAtMs)": [^\n]*\n/g, '')
    .replace(/CurrentTime\\":\\"[^"]+/g, 'CurrentTime":"…');
}

function byName<T extends { readonly name: string; readonly tags: readonly { readonly key: string }[] }>(
  entities: readonly T[],
): readonly object[] {
  return [...entities]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entity) => ({ ...entity, tags: [...entity.tags].sort((a, b) => (a.key < b.key ? -1 : 1)) }));
}

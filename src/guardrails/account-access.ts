/** The accounts of a blueprint over the network: reading what a plan needs, and sending what it asks for. */
import { GetRoleCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Tag } from '../account/account.ts';
import { type Connection, call } from '../aws/connection.ts';
import { type Patience, patiently } from '../aws/patience.ts';
import { getCallerIdentity } from '../aws/sts.ts';
import { StepupError } from '../errors.ts';
import type { ApplyPorts } from './apply/apply.ts';
import { isPassing, isReadAgain } from './apply/persistence.ts';
import { sendIamCall } from './apply/send-iam-call.ts';
import { partsOfTags } from './blueprint/parts.ts';
import type { DesiredAccount } from './desired-state/desired-state.ts';
import { type ObservedAccount, observeAccount, observeWholeAccount } from './plan/observed.ts';

export interface AccountConnections {
  readonly iam: Connection;
  readonly sts: Connection;
}

/** Reading is tried again for as long as an account may be throttled. */
const READ_BOUND_MS = 120_000;

/**
 * `connectionsOf` gives an account's connections, the same each time or fresh ones. `observe` throws StepupError
 * `setup-wrong-account` where the credentials are another account's.
 */
export function accountAccess(
  connectionsOf: (account: DesiredAccount) => Promise<AccountConnections>,
  patience: Patience,
): Pick<ApplyPorts, 'send' | 'observe' | 'setupOf'> {
  return {
    async send(account, iamCall) {
      const { iam } = await connectionsOf(account);
      return call(iamCall.action, iam, (config) => sendIamCall(new IAMClient(config), iamCall));
    },

    async observe(blueprint) {
      const { account } = blueprint;
      const { iam, sts } = await connectionsOf(account);
      const caller = await patiently(() => getCallerIdentity(sts), isReadAgain, READ_BOUND_MS, patience);
      if (caller.accountId !== account.accountId) {
        const { label, accountId } = account;
        throw new StepupError('setup-wrong-account', { label, accountId, caller: caller.arn });
      }
      const observed = await patiently(
        () =>
          call('GetAccountAuthorizationDetails', iam, (config) =>
            observeAccount(new IAMClient(config), blueprint, iam.signal),
          ),
        isReadAgain,
        READ_BOUND_MS,
        patience,
      );
      return { observed, operator: { arn: caller.arn } };
    },

    async setupOf(account, target) {
      const { iam } = await connectionsOf(account);
      const name = target.slice(target.lastIndexOf('/') + 1);
      const kind = target.includes(':role/') ? 'role' : 'user';
      const tags = await patiently(() => tagsOf(kind, name, iam), isPassing, READ_BOUND_MS, patience);
      return partsOfTags(tags)?.setup;
    },
  };
}

/** All of the account that the credentials sign in to. */
export async function readWholeAccount({ iam, sts }: AccountConnections, patience: Patience): Promise<ObservedAccount> {
  const caller = await patiently(() => getCallerIdentity(sts), isReadAgain, READ_BOUND_MS, patience);
  const identity = { accountId: caller.accountId, partition: caller.arn.split(':')[1] ?? 'aws' };
  return patiently(
    () =>
      call('GetAccountAuthorizationDetails', iam, (config) =>
        observeWholeAccount(new IAMClient(config), identity, iam.signal),
      ),
    isReadAgain,
    READ_BOUND_MS,
    patience,
  );
}

async function tagsOf(kind: 'user' | 'role', name: string, connection: Connection): Promise<readonly Tag[]> {
  const found =
    kind === 'user'
      ? await call('GetUser', connection, async (config) => {
          const { User } = await new IAMClient(config).send(new GetUserCommand({ UserName: name }));
          return User?.Tags;
        })
      : await call('GetRole', connection, async (config) => {
          const { Role } = await new IAMClient(config).send(new GetRoleCommand({ RoleName: name }));
          return Role?.Tags;
        });
  return (found ?? []).map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
}

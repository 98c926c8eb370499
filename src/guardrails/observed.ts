/** What is there now: an account as IAM tells it, and what its one big answer leaves out. */
import { type IAMClient, ListMFADevicesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import type { Account } from '../account/account.ts';
import { readLiveAccount } from '../account/live.ts';
import type { AccountBlueprint } from './blueprint.ts';
import { inlinePart, partsOfTags } from './parts.ts';
import { BOOTSTRAP_POLICY } from './user-policies.ts';

export interface ObservedAccount {
  readonly account: Account;
  /** By role name; GetAccountAuthorizationDetails doesn't tell these. */
  readonly roleSettings: ReadonlyMap<string, RoleSettings>;
  /** How many MFA devices these users have; of others it isn't asked. */
  readonly devices: ReadonlyMap<string, number>;
}

export interface RoleSettings {
  readonly maxSessionSeconds: number;
  readonly description?: string;
}

const PAGE_SIZE = 1000;

/**
 * Reads what a plan for this account needs, with as few calls as that takes: a page of everything; a page of roles, if
 * any of the blueprint is there; a call for each user whose devices matter.
 */
export async function observeAccount(
  client: Pick<IAMClient, 'send'>,
  blueprint: AccountBlueprint,
  signal?: AbortSignal,
): Promise<ObservedAccount> {
  const { account: wanted, roles } = blueprint;
  const account = await readLiveAccount(client, {
    identity: { accountId: wanted.accountId, partition: wanted.partition },
    ...(signal !== undefined && { signal }),
  });
  const names = new Set(roles.map(({ name }) => name.toLowerCase()));
  const anyThere = account.roles.some(({ name }) => names.has(name.toLowerCase()));
  const roleSettings = anyThere ? await readRoleSettings(client, names, signal) : new Map<string, RoleSettings>();
  const devices = new Map<string, number>();
  for (const name of usersInQuestion(account, blueprint)) {
    const { MFADevices } = await client.send(new ListMFADevicesCommand({ UserName: name }), stopping(signal));
    devices.set(name, MFADevices?.length ?? 0);
  }
  return { account, roleSettings, devices };
}

function stopping(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

async function readRoleSettings(
  client: Pick<IAMClient, 'send'>,
  names: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, RoleSettings>> {
  const settings = new Map<string, RoleSettings>();
  let marker: string | undefined;
  do {
    const page = await client.send(
      new ListRolesCommand({ MaxItems: PAGE_SIZE, ...(marker !== undefined && { Marker: marker }) }),
      stopping(signal),
    );
    for (const { RoleName = '', MaxSessionDuration = 3600, Description } of page.Roles ?? []) {
      if (!names.has(RoleName.toLowerCase())) continue;
      settings.set(RoleName, {
        maxSessionSeconds: MaxSessionDuration,
        ...(Description !== undefined && Description !== '' && { description: Description }),
      });
    }
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return settings;
}

/** Users who may be without a device: those no setup has touched, and those whose first days aren't over. */
function usersInQuestion(account: Account, { users }: AccountBlueprint): readonly string[] {
  const wanted = new Set(users.map(({ name }) => name));
  return account.users
    .filter(({ name, tags, inlinePolicies }) => {
      if (!wanted.has(name)) return false;
      const own = partsOfTags(tags);
      return (
        own === undefined ||
        own.parts.has(inlinePart(BOOTSTRAP_POLICY)) ||
        inlinePolicies.some((policy) => policy.name === BOOTSTRAP_POLICY)
      );
    })
    .map(({ name }) => name);
}

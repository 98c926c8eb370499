/** What is there now: an account as IAM tells it, and what its one big answer leaves out. */
import { type IAMClient, ListMFADevicesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import type { Account, User } from '../../account/account.ts';
import type { AccountIdentity } from '../../account/from-authorization-details.ts';
import { readLiveAccount } from '../../account/live.ts';
import { readSerialNumber } from '../../mfa/device.ts';
import type { AccountBlueprint } from '../blueprint/blueprint.ts';
import { inlinePart, partsOfTags } from '../blueprint/parts.ts';
import { BOOTSTRAP_POLICY } from '../blueprint/user-policies.ts';

export interface ObservedAccount {
  readonly account: Account;
  /** By role name; GetAccountAuthorizationDetails doesn't tell these. */
  readonly roleSettings: ReadonlyMap<string, RoleSettings>;
  /** How many MFA devices whose codes STS takes these users have; of others it isn't asked. */
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
export function observeAccount(
  client: Pick<IAMClient, 'send'>,
  { account, users, roles }: AccountBlueprint,
  signal?: AbortSignal,
): Promise<ObservedAccount> {
  const roleNames = new Set(roles.map(({ name }) => name.toLowerCase()));
  const userNames = new Set(users.map(({ name }) => name));
  return observe(
    client,
    account,
    (name) => roleNames.has(name.toLowerCase()),
    (name) => userNames.has(name),
    signal,
  );
}

/** Reads the account as if a blueprint named all that is in it. */
export function observeWholeAccount(
  client: Pick<IAMClient, 'send'>,
  identity: AccountIdentity,
  signal?: AbortSignal,
): Promise<ObservedAccount> {
  return observe(
    client,
    identity,
    () => true,
    () => true,
    signal,
  );
}

async function observe(
  client: Pick<IAMClient, 'send'>,
  { accountId, partition }: AccountIdentity,
  isRole: (name: string) => boolean,
  isUser: (name: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<ObservedAccount> {
  const account = await readLiveAccount(client, {
    identity: { accountId, partition },
    ...(signal !== undefined && { signal }),
  });
  const anyThere = account.roles.some(({ name }) => isRole(name));
  const roleSettings = anyThere ? await readRoleSettings(client, isRole, signal) : new Map<string, RoleSettings>();
  const devices = new Map<string, number>();
  for (const { name } of account.users.filter((user) => isUser(user.name) && mayLackDevice(user))) {
    const { MFADevices } = await client.send(new ListMFADevicesCommand({ UserName: name }), stopping(signal));
    const codeDevices = (MFADevices ?? []).filter(
      ({ SerialNumber = '' }) => readSerialNumber(SerialNumber).kind !== 'fido',
    );
    devices.set(name, codeDevices.length);
  }
  return { account, roleSettings, devices };
}

function stopping(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

async function readRoleSettings(
  client: Pick<IAMClient, 'send'>,
  isRole: (name: string) => boolean,
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
      if (!isRole(RoleName)) continue;
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
function mayLackDevice({ tags, inlinePolicies }: User): boolean {
  const own = partsOfTags(tags);
  return (
    own === undefined ||
    own.parts.has(inlinePart(BOOTSTRAP_POLICY)) ||
    inlinePolicies.some((policy) => policy.name === BOOTSTRAP_POLICY)
  );
}

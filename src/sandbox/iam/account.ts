/** The account itself: its alias and its summary. */

import { groupsOf, rolesOf, usersOf } from '../find.ts';
import type { Call } from '../operation.ts';
import type { Account } from '../tables.ts';
import { ownPolicies } from './managed.ts';
import { devicesOf, ownedDevices } from './mfa-devices.ts';
import type { InputOf } from './parameters.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, noSuchEntity } from './refusals.ts';

/** An alias is one in all of AWS; a new one takes the place of the account's old one. */
function createAccountAlias(call: Call, { AccountAlias }: InputOf<'CreateAccountAlias'>) {
  const accounts = call.store.list('accounts', '');
  if (accounts.some(({ alias }) => alias === AccountAlias)) {
    throw alreadyExists(`The account alias ${AccountAlias} already exists.`);
  }
  return commitAccount(call, { ...ownAccount(call), alias: AccountAlias });
}

function deleteAccountAlias(call: Call, { AccountAlias }: InputOf<'DeleteAccountAlias'>) {
  const { alias, ...account } = ownAccount(call);
  if (alias !== AccountAlias) throw noSuchEntity(`The account alias with name ${AccountAlias} cannot be found.`);
  return commitAccount(call, account);
}

function listAccountAliases(call: Call) {
  const { alias } = ownAccount(call);
  return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false };
}

/** Counts, and the quotas as AWS answers them by default. */
function getAccountSummary(call: Call) {
  const { accountId, store } = call;
  const devices = devicesOf(call).filter(({ type }) => type === 'virtual');
  const policies = ownPolicies(call);
  const counts: Readonly<Record<string, number>> = {
    AccessKeysPerUserQuota: quotas.accessKeysPerUser,
    AccountAccessKeysPresent: ownAccount(call).rootAccessKeyIds.length > 0 ? 1 : 0,
    AccountMFAEnabled: ownedDevices(call, { type: 'root' }).length > 0 ? 1 : 0,
    AccountPasswordPresent: 0,
    AccountSigningCertificatesPresent: 0,
    AssumeRolePolicySizeQuota: quotas.trustPolicySize,
    AttachedPoliciesPerGroupQuota: quotas.attachedPoliciesPerGroup,
    AttachedPoliciesPerRoleQuota: quotas.attachedPoliciesPerRole,
    AttachedPoliciesPerUserQuota: quotas.attachedPoliciesPerUser,
    GlobalEndpointTokenVersion: 1,
    GroupPolicySizeQuota: quotas.groupPolicySize,
    Groups: groupsOf(store, accountId).length,
    GroupsPerUserQuota: quotas.groupsPerUser,
    GroupsQuota: quotas.groups,
    InstanceProfiles: 0,
    InstanceProfilesQuota: 1000,
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter(({ assignment }) => assignment !== undefined).length,
    Policies: policies.length,
    PoliciesQuota: quotas.policies,
    PolicySizeQuota: quotas.policySize,
    PolicyVersionsInUse: policies.reduce((sum, { versions }) => sum + versions.length, 0),
    PolicyVersionsInUseQuota: quotas.policyVersionsInUse,
    Providers: 0,
    RolePolicySizeQuota: quotas.rolePolicySize,
    Roles: rolesOf(store, accountId).length,
    RolesQuota: quotas.roles,
    ServerCertificates: 0,
    ServerCertificatesQuota: 20,
    SigningCertificatesPerUserQuota: 2,
    UserPolicySizeQuota: quotas.userPolicySize,
    Users: usersOf(store, accountId).length,
    UsersQuota: quotas.users,
    VersionsPerPolicyQuota: quotas.versionsPerPolicy,
  };
  return { SummaryMap: new Map(Object.entries(counts)) };
}

function ownAccount({ store, accountId }: Call): Account {
  return store.get('accounts', accountId) ?? { accountId, createdAtMs: 0, rootAccessKeyIds: [] };
}

function commitAccount(call: Call, account: Account): undefined {
  call.store.commit([{ table: 'accounts', key: account.accountId, value: account }]);
}

export const accountHandlers = {
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
  ListAccountAliases: listAccountAliases,
  GetAccountSummary: getAccountSummary,
};

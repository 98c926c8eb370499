import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, ROOT, trusting } from '../../../test/support/iam-account.ts';

test('an alias is one among all accounts, and an account has one', () => {
  const other = '444455556666';
  const account = iamAccount({ accounts: [ACCOUNT, other] });
  expect(account.call('ListAccountAliases')).toEqual({ AccountAliases: [], IsTruncated: false });
  account.call('CreateAccountAlias', { AccountAlias: 'one' });
  account.call('CreateAccountAlias', { AccountAlias: 'two' });
  expect(account.call('ListAccountAliases').AccountAliases).toEqual(['two']);
  expect(() => account.call('CreateAccountAlias', { AccountAlias: 'two' }, ROOT, other)).toThrow(
    expect.objectContaining({ code: 'EntityAlreadyExists', message: 'The account alias two already exists.' }),
  );
  expect(() => account.call('DeleteAccountAlias', { AccountAlias: 'one' })).toThrow(
    expect.objectContaining({ code: 'NoSuchEntity', message: 'The account alias with name one cannot be found.' }),
  );
  account.call('DeleteAccountAlias', { AccountAlias: 'two' });
  expect(account.call('ListAccountAliases').AccountAliases).toEqual([]);
});

test('counts what is there beside its quotas', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  account.call('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') });
  account.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'alice' });
  account.call('CreateAccessKey', {}, ROOT);
  const { SummaryMap } = account.call('GetAccountSummary');
  expect(SummaryMap).toBeInstanceOf(Map);
  expect(Object.fromEntries(SummaryMap)).toMatchObject({
    Users: 1,
    Groups: 1,
    Roles: 1,
    Policies: 1,
    PolicyVersionsInUse: 1,
    MFADevices: 1,
    MFADevicesInUse: 0,
    AccountAccessKeysPresent: 1,
    AccountMFAEnabled: 0,
    AccessKeysPerUserQuota: 2,
    UsersQuota: 5000,
    VersionsPerPolicyQuota: 5,
  });
  expect(SummaryMap.size).toBe(34);
});

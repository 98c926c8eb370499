import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing } from '../../../test/support/iam-account.ts';

const document = policyAllowing('s3:ListAllMyBuckets');
const arn = `arn:aws:iam::${ACCOUNT}:policy/team/list`;

function accountWithPolicy() {
  const account = iamAccount();
  account.call('CreatePolicy', { PolicyName: 'list', Path: '/team/', PolicyDocument: document, Description: 'lists' });
  return account;
}

test('creates, reads and deletes a policy', () => {
  const account = iamAccount();
  const { Policy } = account.call('CreatePolicy', {
    PolicyName: 'list',
    Path: '/team/',
    PolicyDocument: document,
    Description: 'lists',
  });
  expect(Policy).toEqual({
    PolicyName: 'list',
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    Arn: arn,
    Path: '/team/',
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: '2026-01-02T03:04:05Z',
    UpdateDate: '2026-01-02T03:04:05Z',
  });
  expect(account.call('GetPolicy', { PolicyArn: arn }).Policy).toEqual({ ...Policy, Description: 'lists', Tags: [] });
  account.call('DeletePolicy', { PolicyArn: arn });
  expect(() => account.call('GetPolicy', { PolicyArn: arn })).toThrow(`Policy ${arn} was not found.`);
  expect(() => account.call('DeletePolicy', { PolicyArn: arn })).toThrow(
    expect.objectContaining({ code: 'NoSuchEntity', status: 404, message: `Policy ${arn} was not found.` }),
  );
});

test('a name is one whatever its path and case', () => {
  const account = accountWithPolicy();
  expect(() => account.call('CreatePolicy', { PolicyName: 'List', PolicyDocument: document })).toThrow(
    expect.objectContaining({
      code: 'EntityAlreadyExists',
      message: 'A policy called List already exists. Duplicate names are not allowed.',
    }),
  );
  expect(() => account.call('GetPolicy', { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/list` })).toThrow(
    'was not found',
  );
});

test.each([
  ['bad JSON', 'This is not a json document'],
  ['no version', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
  ['the old version', '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
])('refuses %s', (_, PolicyDocument) => {
  expect(() => iamAccount().call('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toThrow(
    expect.objectContaining({ code: 'MalformedPolicyDocument', status: 400 }),
  );
});

test('says which version a managed policy must have', () => {
  const PolicyDocument = '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
  expect(() => iamAccount().call('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toThrow(
    'Policy document must be version 2012-10-17 or greater.',
  );
});

test('a policy has 6,144 characters at most', () => {
  const PolicyDocument = policyAllowing(`s3:${'a'.repeat(6144)}`);
  expect(() => iamAccount().call('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toThrow(
    expect.objectContaining({ code: 'LimitExceeded', message: 'Cannot exceed quota for PolicySize: 6144' }),
  );
});

test('lists its own, AWS’s, or the attached ones', () => {
  const account = accountWithPolicy();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('AttachUserPolicy', { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' });
  account.call('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: arn });
  const names = (input: Record<string, string | boolean>) =>
    account.call('ListPolicies', input).Policies.map((policy: { PolicyName: string }) => policy.PolicyName);
  expect(names({ Scope: 'Local' })).toEqual(['list']);
  expect(names({ Scope: 'AWS' })).toHaveLength(10);
  expect(names({})).toHaveLength(11);
  expect(names({ OnlyAttached: true })).toEqual(['SecurityAudit']);
  expect(names({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['list']);
  expect(names({ PathPrefix: '/job-function/' })).toEqual(['ViewOnlyAccess']);
  expect(account.call('GetPolicy', { PolicyArn: arn }).Policy.PermissionsBoundaryUsageCount).toBe(1);
});

test('a policy in use, or with several versions, is not deleted', () => {
  const account = accountWithPolicy();
  account.call('CreateUser', { UserName: 'alice' });
  const inUse = expect.objectContaining({
    code: 'DeleteConflict',
    status: 409,
    message: 'Cannot delete a policy attached to entities.',
  });
  account.call('AttachUserPolicy', { UserName: 'alice', PolicyArn: arn });
  expect(() => account.call('DeletePolicy', { PolicyArn: arn })).toThrow(inUse);
  account.call('DetachUserPolicy', { UserName: 'alice', PolicyArn: arn });
  account.call('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: arn });
  expect(() => account.call('DeletePolicy', { PolicyArn: arn })).toThrow(inUse);
  account.call('DeleteUserPermissionsBoundary', { UserName: 'alice' });
  account.call('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: document });
  expect(() => account.call('DeletePolicy', { PolicyArn: arn })).toThrow('This policy has more than one version.');
});

test('five versions at most, numbers never used again, the default kept', () => {
  const account = accountWithPolicy();
  const create = (SetAsDefault: boolean) =>
    account.call('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: policyAllowing('s3:*'), SetAsDefault })
      .PolicyVersion;
  expect(create(true)).toEqual({ VersionId: 'v2', IsDefaultVersion: true, CreateDate: '2026-01-02T03:04:05Z' });
  for (let n = 0; n < 3; n++) create(false);
  expect(() => create(false)).toThrow(
    expect.objectContaining({
      code: 'LimitExceeded',
      message:
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    }),
  );
  const listed = account.call('ListPolicyVersions', { PolicyArn: arn }).Versions;
  expect(listed.map((version: { VersionId: string }) => version.VersionId)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
  expect(() => account.call('DeletePolicyVersion', { PolicyArn: arn, VersionId: 'v2' })).toThrow(
    expect.objectContaining({ code: 'DeleteConflict', message: 'Cannot delete the default version of a policy.' }),
  );
  account.call('DeletePolicyVersion', { PolicyArn: arn, VersionId: 'v5' });
  expect(create(false).VersionId).toBe('v6');
  account.call('SetDefaultPolicyVersion', { PolicyArn: arn, VersionId: 'v1' });
  const { PolicyVersion } = account.call('GetPolicyVersion', { PolicyArn: arn, VersionId: 'v1' });
  expect(PolicyVersion).toMatchObject({ VersionId: 'v1', IsDefaultVersion: true });
  expect(decodeURIComponent(PolicyVersion.Document)).toBe(document);
});

test.each(['GetPolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion'])(
  '%s names a version that is missing',
  (action) => {
    const account = accountWithPolicy();
    const missing = `arn:aws:iam::${ACCOUNT}:policy/nothing`;
    for (const [PolicyArn, VersionId] of [
      [arn, 'v9'],
      [missing, 'v1'],
    ] as const) {
      expect(() => account.call(action, { PolicyArn, VersionId })).toThrow(
        expect.objectContaining({
          code: 'NoSuchEntity',
          message: `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`,
        }),
      );
    }
  },
);

test.each([
  ['DeletePolicy', {}],
  ['CreatePolicyVersion', { PolicyDocument: document }],
  ['SetDefaultPolicyVersion', { VersionId: 'v1' }],
  ['DeletePolicyVersion', { VersionId: 'v1' }],
  ['TagPolicy', { Tags: [{ Key: 'a', Value: 'b' }] }],
  ['UntagPolicy', { TagKeys: ['a'] }],
])('%s changes no policy of AWS’s', (action, more) => {
  expect(() =>
    iamAccount().call(action, { PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess', ...more }),
  ).toThrow(
    expect.objectContaining({ code: 'AccessDenied', status: 403, message: 'Policy is outside your own account.' }),
  );
});

import { describe, expect, test } from 'vitest';
import { isStepupError } from '../errors.ts';
import { parseAuthorizationDetails, readAuthorizationDetails } from './from-authorization-details.ts';

const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
};

/** The details of a small account, each document written by `write`. */
function details(write: (document: object) => unknown, createDate: unknown = '2024-05-01T10:00:00+00:00') {
  return {
    UserDetailList: [
      {
        Path: '/team/',
        UserName: 'alice',
        UserId: 'AIDAALICEALICEALICE01',
        Arn: 'arn:aws:iam::123456789012:user/team/alice',
        CreateDate: createDate,
        UserPolicyList: [{ PolicyName: 'Own', PolicyDocument: write(allowAll) }],
        GroupList: ['staff'],
        AttachedManagedPolicies: [{ PolicyName: 'Shared', PolicyArn: 'arn:aws:iam::123456789012:policy/Shared' }],
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/Shared',
        },
        Tags: [
          { Key: 'team', Value: 'blue' },
          { Key: 'empty', Value: '' },
        ],
      },
    ],
    GroupDetailList: [
      {
        Path: '/',
        GroupName: 'staff',
        GroupId: 'AGPASTAFFSTAFFSTAFF01',
        Arn: 'arn:aws:iam::123456789012:group/staff',
        CreateDate: createDate,
        GroupPolicyList: [],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [
      {
        Path: '/',
        RoleName: 'Admin',
        RoleId: 'AROAADMINADMINADMIN01',
        Arn: 'arn:aws:iam::123456789012:role/Admin',
        CreateDate: createDate,
        AssumeRolePolicyDocument: write(trust),
        InstanceProfileList: [],
        RolePolicyList: [{ PolicyName: 'Inline', PolicyDocument: write(allowAll) }],
        AttachedManagedPolicies: [],
        Tags: [],
        RoleLastUsed: {},
      },
    ],
    Policies: [
      {
        PolicyName: 'Shared',
        PolicyId: 'ANPASHAREDSHAREDSHA01',
        Arn: 'arn:aws:iam::123456789012:policy/Shared',
        Path: '/',
        DefaultVersionId: 'v2',
        AttachmentCount: 1,
        IsAttachable: true,
        PolicyVersionList: [
          { Document: write(allowAll), VersionId: 'v2', IsDefaultVersion: true, CreateDate: createDate },
          { Document: write(allowAll), VersionId: 'v1', IsDefaultVersion: false, CreateDate: createDate },
        ],
      },
    ],
  };
}

const urlEncoded = (document: object) => encodeURIComponent(JSON.stringify(document));

/** A copy of the details with one field changed: `path` is a list of keys. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(details((document) => document)) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return copy;
}

function problemOf(read: () => unknown): { readonly path: string; readonly problem: string } {
  try {
    read();
  } catch (error) {
    if (isStepupError(error, 'malformed-account')) return error.fields;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('reading GetAccountAuthorizationDetails', () => {
  test('users, groups, roles and policies are there with all that they hold', () => {
    const account = readAuthorizationDetails(details((document) => document));
    expect(account).toMatchObject({ accountId: '123456789012', partition: 'aws' });
    expect(account.users[0]).toEqual({
      arn: 'arn:aws:iam::123456789012:user/team/alice',
      id: 'AIDAALICEALICEALICE01',
      name: 'alice',
      path: '/team/',
      createdAtMs: Date.UTC(2024, 4, 1, 10),
      inlinePolicies: [{ name: 'Own', document: JSON.stringify(allowAll) }],
      attachedPolicyArns: ['arn:aws:iam::123456789012:policy/Shared'],
      groupNames: ['staff'],
      permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/Shared',
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'empty', value: '' },
      ],
    });
    expect(account.roles[0]).toMatchObject({ name: 'Admin', trustPolicy: JSON.stringify(trust) });
    expect(account.roles[0]).not.toHaveProperty('permissionsBoundaryArn');
    expect(account.managedPolicies[0]).toMatchObject({ defaultVersionId: 'v2' });
  });

  test.each([
    ['objects, as the CLI prints them', (document: object) => document, '2024-05-01T10:00:00+00:00'],
    ['URL-encoded text, as the wire has it', urlEncoded, '2024-05-01T10:00:00Z'],
    ['JSON text', (document: object) => JSON.stringify(document), new Date(Date.UTC(2024, 4, 1, 10))],
    ['objects and dates as Python prints them', (document: object) => document, '2024-05-01 10:00:00+00:00'],
  ])('documents as %s give the same account', (_, write, createDate) => {
    const read = readAuthorizationDetails(details(write, createDate));
    expect(read).toEqual(readAuthorizationDetails(details((document) => document)));
  });

  test('a percent sign inside JSON text is not decoded', () => {
    const withPercent = { ...trust, Id: '100%25' };
    const account = readAuthorizationDetails(
      changed(['RoleDetailList', 0, 'AssumeRolePolicyDocument'], JSON.stringify(withPercent)),
    );
    expect(JSON.parse(account.roles[0]!.trustPolicy)).toEqual(withPercent);
  });

  test('text with a byte order mark is read', () => {
    const text = `\ufeff${JSON.stringify(details((document) => document))}`;
    expect(parseAuthorizationDetails(text).users).toHaveLength(1);
  });

  test.each([
    [['UserDetailList', 0, 'Arn'], 7, '$.UserDetailList[0].Arn', 'must be a string, and is a number'],
    [['UserDetailList', 0, 'UserName'], undefined, '$.UserDetailList[0].UserName', 'must be a string, and is missing'],
    [['UserDetailList', 0, 'GroupList'], 'staff', '$.UserDetailList[0].GroupList', 'must be a list, and is a string'],
    [['UserDetailList', 0], null, '$.UserDetailList[0]', 'must be an object, and is null'],
    [['UserDetailList', 0, 'CreateDate'], 'yesterday', '$.UserDetailList[0].CreateDate', 'must be a date'],
    [
      ['UserDetailList', 0, 'GroupList', 0],
      'ghosts',
      '$.UserDetailList[0].GroupList[0]',
      'names group ghosts, which is not in GroupDetailList',
    ],
    [
      ['RoleDetailList', 0, 'AssumeRolePolicyDocument'],
      '%7B%zz',
      '$.RoleDetailList[0].AssumeRolePolicyDocument',
      'must be a policy document: an object, JSON text, or URL-encoded JSON text',
    ],
    [
      ['RoleDetailList', 0, 'Arn'],
      'arn:aws:iam::210987654321:role/Admin',
      '$.RoleDetailList[0].Arn',
      'belongs to account 210987654321 (aws), the rest to 123456789012 (aws)',
    ],
    [
      ['Policies', 0, 'DefaultVersionId'],
      'v9',
      '$.Policies[0].DefaultVersionId',
      'names version v9, which is not in PolicyVersionList',
    ],
    [['Policies'], undefined, '$.Policies', 'is missing'],
    [['IsTruncated'], true, '$.IsTruncated', 'says that this is one page of several: give all of them'],
  ])('%j = %j is refused at its path', (path, value, at, problem) => {
    expect(problemOf(() => readAuthorizationDetails(changed(path, value)))).toEqual({ path: at, problem });
  });

  test('what is not JSON at all is refused', () => {
    expect(problemOf(() => parseAuthorizationDetails('UserDetailList:'))).toMatchObject({ path: '$' });
    expect(problemOf(() => readAuthorizationDetails([]))).toMatchObject({ path: '$' });
  });

  test('an empty account needs somebody who knows whose it is', () => {
    const empty = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
    expect(problemOf(() => readAuthorizationDetails(empty)).path).toBe('$');
    const identity = { accountId: '123456789012', partition: 'aws' };
    expect(readAuthorizationDetails(empty, identity)).toMatchObject({ accountId: '123456789012', users: [] });
  });
});

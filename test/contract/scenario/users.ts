import { expect } from 'vitest';
import { documentOf } from '../harness/aws-client.ts';
import { policyText } from '../harness/policy-text.ts';
import type { Step } from './stage.ts';

const document = policyText({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/ü +%20&;' });
const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

export const users: readonly Step[] = [
  {
    does: 'makes a user with path, tags and boundary, and finds it',
    async run({ iam, account }) {
      const input = {
        UserName: 'alice',
        Path: '/staff/',
        PermissionsBoundary: boundary,
        Tags: [{ Key: 'team', Value: 'ops' }],
      };
      const { User } = await iam('CreateUser', input);
      expect(User).toMatchObject({
        UserName: 'alice',
        Path: '/staff/',
        Arn: `arn:aws:iam::${account.accountId}:user/staff/alice`,
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
        Tags: [{ Key: 'team', Value: 'ops' }],
      });
      expect(User.UserId).toMatch(/^AIDA[A-Z0-9]{17}$/);
      expect(Math.abs(Date.parse(User.CreateDate) - Date.now())).toBeLessThan(60_000);
      expect((await iam('GetUser', { UserName: 'alice' }))['User'].UserId).toBe(User.UserId);
      expect((await iam('ListUsers', { PathPrefix: '/staff/' }))['Users']).toHaveLength(1);
      expect((await iam('ListUsers', { PathPrefix: '/guests/' }))['Users']).toEqual([]);
    },
  },
  {
    does: 'holds names unique without regard to case',
    async run({ refused }) {
      expect(await refused('iam', 'CreateUser', { UserName: 'ALICE' })).toMatchObject({
        code: 'EntityAlreadyExists',
        message: 'User with name ALICE already exists.',
      });
    },
  },
  {
    does: 'changes tags and boundary',
    async run({ iam }) {
      await iam('TagUser', { UserName: 'alice', Tags: [{ Key: 'floor', Value: '3' }] });
      await iam('UntagUser', { UserName: 'alice', TagKeys: ['team'] });
      expect((await iam('ListUserTags', { UserName: 'alice' }))['Tags']).toEqual([{ Key: 'floor', Value: '3' }]);
      await iam('DeleteUserPermissionsBoundary', { UserName: 'alice' });
      expect((await iam('GetUser', { UserName: 'alice' }))['User'].PermissionsBoundary).toBeUndefined();
      await iam('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: boundary });
    },
  },
  {
    does: 'writes and reads inline policies, text and all',
    async run({ iam, refused }) {
      const named = { UserName: 'alice', PolicyName: 'inline' };
      await iam('PutUserPolicy', { ...named, PolicyDocument: document });
      expect((await iam('ListUserPolicies', { UserName: 'alice' }))['PolicyNames']).toEqual(['inline']);
      const read = await iam('GetUserPolicy', named);
      expect(documentOf(read['PolicyDocument'])).toEqual(JSON.parse(document));
      await iam('DeleteUserPolicy', named);
      expect(await refused('iam', 'GetUserPolicy', named)).toMatchObject({ code: 'NoSuchEntity' });
    },
  },
  {
    does: 'attaches managed policies',
    async run({ iam }) {
      const attached = { UserName: 'alice', PolicyArn: boundary };
      await iam('AttachUserPolicy', attached);
      expect((await iam('ListAttachedUserPolicies', { UserName: 'alice' }))['AttachedPolicies']).toEqual([
        { PolicyName: 'ReadOnlyAccess', PolicyArn: boundary },
      ]);
      await iam('DetachUserPolicy', attached);
      expect((await iam('ListAttachedUserPolicies', { UserName: 'alice' }))['AttachedPolicies']).toEqual([]);
    },
  },
  {
    does: 'gives a user two keys and no third, switches one off, and sees when one was used',
    async run({ iam, sts, refused, account }) {
      const first = (await iam('CreateAccessKey', { UserName: 'alice' }))['AccessKey'];
      expect(first).toMatchObject({ UserName: 'alice', Status: 'Active' });
      expect(first.AccessKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
      expect(first.SecretAccessKey).toHaveLength(40);
      const second = (await iam('CreateAccessKey', { UserName: 'alice' }))['AccessKey'];
      expect((await refused('iam', 'CreateAccessKey', { UserName: 'alice' })).code).toBe('LimitExceeded');

      const key = { accessKeyId: first.AccessKeyId, secretAccessKey: first.SecretAccessKey };
      expect(await sts('GetCallerIdentity', {}, key)).toMatchObject({
        Account: account.accountId,
        Arn: `arn:aws:iam::${account.accountId}:user/staff/alice`,
      });
      const used = await iam('GetAccessKeyLastUsed', { AccessKeyId: first.AccessKeyId });
      expect(used).toMatchObject({
        UserName: 'alice',
        AccessKeyLastUsed: { ServiceName: 'sts', Region: 'us-east-1' },
      });
      const unused = await iam('GetAccessKeyLastUsed', { AccessKeyId: second.AccessKeyId });
      expect(unused['AccessKeyLastUsed']).toMatchObject({ ServiceName: 'N/A', Region: 'N/A' });

      await iam('UpdateAccessKey', { UserName: 'alice', AccessKeyId: first.AccessKeyId, Status: 'Inactive' });
      expect((await refused('sts', 'GetCallerIdentity', {}, key)).code).toBe('InvalidClientTokenId');
      const { AccessKeyMetadata } = await iam('ListAccessKeys', { UserName: 'alice' });
      expect(AccessKeyMetadata.map((row: { Status: string }) => row.Status).sort()).toEqual(['Active', 'Inactive']);
      for (const { AccessKeyId } of [first, second]) await iam('DeleteAccessKey', { UserName: 'alice', AccessKeyId });
      expect((await iam('ListAccessKeys', { UserName: 'alice' }))['AccessKeyMetadata']).toEqual([]);
    },
  },
  {
    does: 'puts users into groups, which have policies of their own',
    async run({ iam, refused, account }) {
      const { Group } = await iam('CreateGroup', { GroupName: 'crew', Path: '/teams/' });
      expect(Group).toMatchObject({ GroupName: 'crew', Arn: `arn:aws:iam::${account.accountId}:group/teams/crew` });
      expect(Group.GroupId).toMatch(/^AGPA/);
      await iam('AddUserToGroup', { GroupName: 'crew', UserName: 'alice' });
      expect((await iam('GetGroup', { GroupName: 'crew' }))['Users']).toMatchObject([{ UserName: 'alice' }]);
      expect((await iam('ListGroupsForUser', { UserName: 'alice' }))['Groups']).toMatchObject([{ GroupName: 'crew' }]);

      const named = { GroupName: 'crew', PolicyName: 'inline' };
      await iam('PutGroupPolicy', { ...named, PolicyDocument: document });
      expect(documentOf((await iam('GetGroupPolicy', named))['PolicyDocument'])).toEqual(JSON.parse(document));
      expect((await iam('ListGroupPolicies', { GroupName: 'crew' }))['PolicyNames']).toEqual(['inline']);
      await iam('AttachGroupPolicy', { GroupName: 'crew', PolicyArn: boundary });
      expect((await iam('ListAttachedGroupPolicies', { GroupName: 'crew' }))['AttachedPolicies']).toHaveLength(1);
      expect((await refused('iam', 'DeleteGroup', { GroupName: 'crew' })).code).toBe('DeleteConflict');
      await iam('DetachGroupPolicy', { GroupName: 'crew', PolicyArn: boundary });
      await iam('DeleteGroupPolicy', named);
      await iam('UpdateGroup', { GroupName: 'crew', NewGroupName: 'band' });
      expect((await iam('ListGroups'))['Groups']).toMatchObject([{ GroupName: 'band', GroupId: Group.GroupId }]);
      await iam('RemoveUserFromGroup', { GroupName: 'band', UserName: 'alice' });
      await iam('DeleteGroup', { GroupName: 'band' });
    },
  },
  {
    does: 'has no console password, certificate, SSH key or service-specific credential',
    async run({ iam, refused }) {
      expect((await refused('iam', 'GetLoginProfile', { UserName: 'alice' })).code).toBe('NoSuchEntity');
      expect((await refused('iam', 'DeleteLoginProfile', { UserName: 'alice' })).code).toBe('NoSuchEntity');
      const named = { UserName: 'alice' };
      expect((await iam('ListSigningCertificates', named))['Certificates']).toEqual([]);
      expect((await iam('ListSSHPublicKeys', named))['SSHPublicKeys']).toEqual([]);
      const { ServiceSpecificCredentials } = await iam('ListServiceSpecificCredentials', named);
      expect(ServiceSpecificCredentials).toEqual([]);
    },
  },
  {
    does: 'renames, moves and deletes a user',
    async run({ iam, refused, account }) {
      await iam('UpdateUser', { UserName: 'alice', NewUserName: 'alicia', NewPath: '/' });
      const { User } = await iam('GetUser', { UserName: 'alicia' });
      expect(User.Arn).toBe(`arn:aws:iam::${account.accountId}:user/alicia`);
      await iam('AttachUserPolicy', { UserName: 'alicia', PolicyArn: boundary });
      expect(await refused('iam', 'DeleteUser', { UserName: 'alicia' })).toMatchObject({ code: 'DeleteConflict' });
      await iam('DetachUserPolicy', { UserName: 'alicia', PolicyArn: boundary });
      await iam('DeleteUser', { UserName: 'alicia' });
      expect(await refused('iam', 'GetUser', { UserName: 'alicia' })).toMatchObject({
        code: 'NoSuchEntity',
        message: 'The user with name alicia cannot be found.',
      });
    },
  },
];

import { expect } from 'vitest';
import { documentOf } from '../harness/aws-client.ts';
import { policyText, trustText } from '../harness/policy-text.ts';
import type { Step } from './stage.ts';

const permissions = policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

export const roles: readonly Step[] = [
  {
    does: 'makes a role and reads its trust policy back',
    async run({ iam, account }) {
      const trust = trustText(`arn:aws:iam::${account.accountId}:root`, {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      });
      const { Role } = await iam('CreateRole', {
        RoleName: 'deploy',
        Path: '/app/',
        AssumeRolePolicyDocument: trust,
        Description: 'ships it',
        MaxSessionDuration: 7200,
        Tags: [{ Key: 'owner', Value: 'platform' }],
      });
      expect(Role).toMatchObject({
        RoleName: 'deploy',
        Arn: `arn:aws:iam::${account.accountId}:role/app/deploy`,
      });
      expect(Role.RoleId).toMatch(/^AROA[A-Z0-9]{17}$/);
      expect(documentOf((await iam('GetRole', { RoleName: 'deploy' }))['Role'].AssumeRolePolicyDocument)).toEqual(
        JSON.parse(trust),
      );
      expect((await iam('ListRoles', { PathPrefix: '/app/' }))['Roles']).toMatchObject([
        { Description: 'ships it', MaxSessionDuration: 7200 },
      ]);
      expect((await iam('ListInstanceProfilesForRole', { RoleName: 'deploy' }))['InstanceProfiles']).toEqual([]);
    },
  },
  {
    does: "refuses a trust policy for somebody who doesn't exist",
    async run({ refused, account }) {
      const AssumeRolePolicyDocument = trustText(`arn:aws:iam::${account.accountId}:user/nobody`);
      const refusal = await refused('iam', 'CreateRole', { RoleName: 'void', AssumeRolePolicyDocument });
      expect(refusal.code).toBe('MalformedPolicyDocument');
      expect(refusal.message).toContain('Invalid principal in policy');
    },
  },
  {
    does: 'changes trust policy, description, duration and tags',
    async run({ iam, otherAccount }) {
      const PolicyDocument = trustText(`arn:aws:iam::${otherAccount.accountId}:root`);
      await iam('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument });
      await iam('UpdateRole', { RoleName: 'deploy', MaxSessionDuration: 3600 });
      await iam('UpdateRoleDescription', { RoleName: 'deploy', Description: 'ships more' });
      await iam('TagRole', { RoleName: 'deploy', Tags: [{ Key: 'tier', Value: '1' }] });
      await iam('UntagRole', { RoleName: 'deploy', TagKeys: ['owner'] });
      expect((await iam('ListRoleTags', { RoleName: 'deploy' }))['Tags']).toEqual([{ Key: 'tier', Value: '1' }]);
      const { Role } = await iam('GetRole', { RoleName: 'deploy' });
      expect(Role).toMatchObject({ MaxSessionDuration: 3600, Description: 'ships more' });
      expect(documentOf(Role.AssumeRolePolicyDocument)).toMatchObject({
        Statement: [{ Principal: { AWS: `arn:aws:iam::${otherAccount.accountId}:root` } }],
      });
    },
  },
  {
    does: 'gives it inline and managed policies and a boundary',
    async run({ iam, refused }) {
      const named = { RoleName: 'deploy', PolicyName: 'inline' };
      await iam('PutRolePolicy', { ...named, PolicyDocument: permissions });
      expect(documentOf((await iam('GetRolePolicy', named))['PolicyDocument'])).toEqual(JSON.parse(permissions));
      expect((await iam('ListRolePolicies', { RoleName: 'deploy' }))['PolicyNames']).toEqual(['inline']);
      await iam('AttachRolePolicy', { RoleName: 'deploy', PolicyArn: readOnly });
      expect((await iam('ListAttachedRolePolicies', { RoleName: 'deploy' }))['AttachedPolicies']).toEqual([
        { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: readOnly },
      ]);
      await iam('PutRolePermissionsBoundary', { RoleName: 'deploy', PermissionsBoundary: readOnly });
      expect((await iam('GetRole', { RoleName: 'deploy' }))['Role'].PermissionsBoundary).toMatchObject({
        PermissionsBoundaryArn: readOnly,
      });
      await iam('DeleteRolePermissionsBoundary', { RoleName: 'deploy' });
      expect((await refused('iam', 'DeleteRole', { RoleName: 'deploy' })).code).toBe('DeleteConflict');
      await iam('DetachRolePolicy', { RoleName: 'deploy', PolicyArn: readOnly });
      await iam('DeleteRolePolicy', named);
      await iam('DeleteRole', { RoleName: 'deploy' });
      expect((await refused('iam', 'GetRole', { RoleName: 'deploy' })).code).toBe('NoSuchEntity');
    },
  },
  {
    does: "shows a deleted user's unique id in a trust policy, and trusts no successor",
    async run({ iam }) {
      const { User } = await iam('CreateUser', { UserName: 'ghost' });
      await iam('CreateRole', { RoleName: 'haunted', AssumeRolePolicyDocument: trustText(User.Arn) });
      await iam('DeleteUser', { UserName: 'ghost' });
      await iam('CreateUser', { UserName: 'ghost' });
      const { Role } = await iam('GetRole', { RoleName: 'haunted' });
      expect(documentOf(Role.AssumeRolePolicyDocument)).toMatchObject({
        Statement: [{ Principal: { AWS: User.UserId } }],
      });
      await iam('DeleteRole', { RoleName: 'haunted' });
      await iam('DeleteUser', { UserName: 'ghost' });
    },
  },
];

export const managedPolicies: readonly Step[] = [
  {
    does: 'makes a managed policy, with versions of which one counts',
    async run({ iam, refused, account }) {
      const { Policy } = await iam('CreatePolicy', {
        PolicyName: 'objects',
        Path: '/app/',
        PolicyDocument: permissions,
        Description: 'all of S3',
        Tags: [{ Key: 'owner', Value: 'platform' }],
      });
      expect(Policy).toMatchObject({
        Arn: `arn:aws:iam::${account.accountId}:policy/app/objects`,
        DefaultVersionId: 'v1',
        AttachmentCount: 0,
        IsAttachable: true,
      });
      expect(Policy.PolicyId).toMatch(/^ANPA/);
      const PolicyArn: string = Policy.Arn;
      const narrower = policyText({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
      const version = await iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: narrower, SetAsDefault: true });
      expect(version['PolicyVersion']).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
      expect(
        documentOf((await iam('GetPolicyVersion', { PolicyArn, VersionId: 'v2' }))['PolicyVersion'].Document),
      ).toEqual(JSON.parse(narrower));
      expect((await iam('ListPolicyVersions', { PolicyArn }))['Versions']).toHaveLength(2);
      expect((await refused('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: 'v2' })).code).toBe('DeleteConflict');
      await iam('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' });
      await iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v2' });
      expect((await iam('GetPolicy', { PolicyArn }))['Policy']).toMatchObject({
        DefaultVersionId: 'v1',
        Description: 'all of S3',
      });
    },
  },
  {
    does: 'says who uses it',
    async run({ iam, account }) {
      const PolicyArn = `arn:aws:iam::${account.accountId}:policy/app/objects`;
      await iam('CreateRole', { RoleName: 'user-of-it', AssumeRolePolicyDocument: trustText(account.accountId) });
      await iam('AttachRolePolicy', { RoleName: 'user-of-it', PolicyArn });
      expect(await iam('ListEntitiesForPolicy', { PolicyArn })).toMatchObject({
        PolicyRoles: [{ RoleName: 'user-of-it' }],
        PolicyUsers: [],
        PolicyGroups: [],
      });
      expect((await iam('ListPolicies', { Scope: 'Local', OnlyAttached: true }))['Policies']).toMatchObject([
        { Arn: PolicyArn, AttachmentCount: 1 },
      ]);
      await iam('DetachRolePolicy', { RoleName: 'user-of-it', PolicyArn });
      await iam('DeleteRole', { RoleName: 'user-of-it' });
    },
  },
  {
    does: 'tags and deletes it',
    async run({ iam, refused, account }) {
      const PolicyArn = `arn:aws:iam::${account.accountId}:policy/app/objects`;
      await iam('TagPolicy', { PolicyArn, Tags: [{ Key: 'tier', Value: '1' }] });
      await iam('UntagPolicy', { PolicyArn, TagKeys: ['owner'] });
      expect((await iam('ListPolicyTags', { PolicyArn }))['Tags']).toEqual([{ Key: 'tier', Value: '1' }]);
      await iam('DeletePolicy', { PolicyArn });
      expect((await refused('iam', 'GetPolicy', { PolicyArn })).code).toBe('NoSuchEntity');
    },
  },
  {
    does: "has AWS's own policies, read-only, and refuses by name one that it doesn't hold",
    async run({ iam, refused }) {
      const { Policies } = await iam('ListPolicies', { Scope: 'AWS' });
      const names = Policies.map((policy: { readonly PolicyName: string }) => policy.PolicyName);
      expect(names).toEqual(
        expect.arrayContaining([
          'AdministratorAccess',
          'PowerUserAccess',
          'ReadOnlyAccess',
          'ViewOnlyAccess',
          'SecurityAudit',
          'IAMFullAccess',
          'IAMReadOnlyAccess',
          'AmazonS3FullAccess',
          'AmazonS3ReadOnlyAccess',
          'SignInLocalDevelopmentAccess',
        ]),
      );
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
      const { PolicyVersion } = await iam('GetPolicyVersion', { PolicyArn, VersionId: 'v1' });
      expect(documentOf(PolicyVersion.Document)).toEqual({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      });
      expect((await refused('iam', 'DeletePolicy', { PolicyArn })).code).toBe('AccessDenied');
      await iam('CreateUser', { UserName: 'poly' });
      const unknown = { UserName: 'poly', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2FullAccess' };
      const refusal = await refused('iam', 'AttachUserPolicy', unknown);
      expect(refusal.message).toContain('AmazonEC2FullAccess');
      await iam('DeleteUser', { UserName: 'poly' });
    },
  },
];

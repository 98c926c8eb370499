import { expect } from 'vitest';
import { documentOf, type Output } from '../harness/aws-client.ts';
import { policyText, trustText } from '../harness/policy-text.ts';
import type { Step } from './stage.ts';

const gate = policyText({
  Effect: 'Allow',
  Action: 's3:ListAllMyBuckets',
  Resource: '*',
  Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
});

export const accountWide: readonly Step[] = [
  {
    does: 'names the account',
    async run({ iam }) {
      await iam('CreateAccountAlias', { AccountAlias: 'sample-works' });
      expect((await iam('ListAccountAliases'))['AccountAliases']).toEqual(['sample-works']);
      await iam('DeleteAccountAlias', { AccountAlias: 'sample-works' });
      expect((await iam('ListAccountAliases'))['AccountAliases']).toEqual([]);
    },
  },
  {
    does: 'counts and describes all that is there',
    async run({ iam, account }) {
      await iam('CreateUser', { UserName: 'zoe' });
      await iam('PutUserPolicy', { UserName: 'zoe', PolicyName: 'gate', PolicyDocument: gate });
      await iam('CreateGroup', { GroupName: 'zoo' });
      await iam('AddUserToGroup', { GroupName: 'zoo', UserName: 'zoe' });
      const trust = trustText(`arn:aws:iam::${account.accountId}:user/zoe`);
      await iam('CreateRole', { RoleName: 'zed', AssumeRolePolicyDocument: trust });
      await iam('CreatePolicy', { PolicyName: 'zap', PolicyDocument: gate });
      const { SummaryMap } = await iam('GetAccountSummary');
      expect(SummaryMap).toMatchObject({ Groups: 1, Policies: 1, AccessKeysPerUserQuota: 2 });

      const details = await iam('GetAccountAuthorizationDetails', {
        Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'],
      });
      const zoe = details['UserDetailList'].find((user: Output) => user['UserName'] === 'zoe');
      expect(zoe.GroupList).toEqual(['zoo']);
      expect(documentOf(zoe.UserPolicyList[0].PolicyDocument)).toEqual(JSON.parse(gate));
      expect(details['GroupDetailList']).toMatchObject([{ GroupName: 'zoo' }]);
      const zed = details['RoleDetailList'].find((role: Output) => role['RoleName'] === 'zed');
      expect(documentOf(zed.AssumeRolePolicyDocument)).toEqual(JSON.parse(trust));
      expect(details['Policies']).toMatchObject([{ PolicyName: 'zap', PolicyVersionList: [{ VersionId: 'v1' }] }]);
    },
  },
  {
    does: 'reports on credentials, once asked to',
    async run({ iam, refused }) {
      expect((await refused('iam', 'GetCredentialReport', {})).code).toBe('ReportNotPresent');
      expect((await iam('GenerateCredentialReport'))['State']).toBe('STARTED');
      expect((await iam('GenerateCredentialReport'))['State']).toBe('COMPLETE');
      const report = await iam('GetCredentialReport');
      expect(report['ReportFormat']).toBe('text/csv');
      const [head, ...lines] = textOf(report['Content']).trim().split('\n');
      expect(head).toMatch(/^user,arn,user_creation_time,password_enabled,.*mfa_active,access_key_1_active/);
      expect(lines[0]).toMatch(/^<root_account>,/);
      expect(lines.some((line) => line.startsWith('zoe,'))).toBe(true);
    },
  },
  {
    does: 'simulates policies, with and without MFA in the context',
    async run({ iam, account }) {
      const asked = { ActionNames: ['s3:ListAllMyBuckets', 's3:DeleteBucket'] };
      const bare = await iam('SimulateCustomPolicy', { ...asked, PolicyInputList: [gate] });
      expect(decisions(bare)).toEqual({ 's3:ListAllMyBuckets': 'implicitDeny', 's3:DeleteBucket': 'implicitDeny' });
      expect(bare['EvaluationResults'][0].MissingContextValues).toEqual(['aws:MultiFactorAuthPresent']);
      const ContextEntries = [
        { ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyValues: ['true'], ContextKeyType: 'boolean' },
      ];
      const withMfa = { ...asked, ContextEntries };
      const custom = await iam('SimulateCustomPolicy', { ...withMfa, PolicyInputList: [gate] });
      expect(decisions(custom)).toEqual({ 's3:ListAllMyBuckets': 'allowed', 's3:DeleteBucket': 'implicitDeny' });
      const PolicySourceArn = `arn:aws:iam::${account.accountId}:user/zoe`;
      expect(decisions(await iam('SimulatePrincipalPolicy', { ...withMfa, PolicySourceArn }))).toEqual({
        's3:ListAllMyBuckets': 'allowed',
        's3:DeleteBucket': 'implicitDeny',
      });
    },
  },
  {
    does: 'names the context keys that policies ask for',
    async run({ iam, account }) {
      const custom = await iam('GetContextKeysForCustomPolicy', { PolicyInputList: [gate] });
      expect(custom['ContextKeyNames']).toEqual(['aws:MultiFactorAuthPresent']);
      const PolicySourceArn = `arn:aws:iam::${account.accountId}:user/zoe`;
      const principal = await iam('GetContextKeysForPrincipalPolicy', { PolicySourceArn });
      expect(principal['ContextKeyNames']).toEqual(['aws:MultiFactorAuthPresent']);
    },
  },
];

function decisions(simulation: Output): Record<string, string> {
  return Object.fromEntries(
    simulation['EvaluationResults'].map((row: Output) => [row['EvalActionName'], row['EvalDecision']]),
  );
}

/** The AWS CLI prints blobs in base64. */
function textOf(content: Buffer | string): string {
  return typeof content === 'string' ? Buffer.from(content, 'base64').toString() : content.toString();
}

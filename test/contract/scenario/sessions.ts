import { expect } from 'vitest';
import { credentialsOf } from '../harness/aws-client.ts';
import { giveItAPhone, hire, logIn, type PersonWithPhone } from '../harness/people.ts';
import { policyText, trustText } from '../harness/policy-text.ts';
import type { Stage, Step } from './stage.ts';

async function worker({ setUp, account, sandbox }: Stage, name: string): Promise<PersonWithPhone> {
  const assumeAny = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }];
  return giveItAPhone(setUp, account, await hire(setUp, account, name, assumeAny), sandbox.clock);
}

const gate = {
  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  NumericLessThan: { 'aws:MultiFactorAuthAge': '900' },
};
const everything = policyText({ Effect: 'Allow', Action: '*', Resource: '*' });

export const sessions: readonly Step[] = [
  {
    does: 'tells who one is',
    async run({ sts, account }) {
      expect(await sts('GetCallerIdentity')).toEqual({
        Account: account.accountId,
        Arn: `arn:aws:iam::${account.accountId}:root`,
        UserId: account.accountId,
      });
    },
  },
  {
    does: 'opens a gated role with a code, and shuts it when the code has aged',
    async run(stage) {
      const { iam, sts, s3, refused, client, account, sandbox } = stage;
      const alice = await worker(stage, 'alice');
      const RoleArn = `arn:aws:iam::${account.accountId}:role/app/gated`;
      const trust = trustText(alice.arn, gate);
      const { Role } = await iam('CreateRole', { RoleName: 'gated', Path: '/app/', AssumeRolePolicyDocument: trust });
      await iam('PutRolePolicy', { RoleName: 'gated', PolicyName: 'all', PolicyDocument: everything });
      const enter = { RoleArn, RoleSessionName: 'alice' };
      expect(await refused('sts', 'AssumeRole', enter, alice.key)).toMatchObject({
        code: 'AccessDenied',
        message: expect.stringContaining(
          `User: ${alice.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        ),
      });

      const session = await logIn(client, alice, 43_200);
      expect(session.accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
      expect((await sts('GetCallerIdentity', {}, session))['Arn']).toBe(alice.arn);
      const assumed = await sts('AssumeRole', enter, session);
      expect(assumed['AssumedRoleUser']).toEqual({
        Arn: `arn:aws:sts::${account.accountId}:assumed-role/gated/alice`,
        AssumedRoleId: `${Role.RoleId}:alice`,
      });
      expect(Date.parse(assumed['Credentials'].Expiration)).toBeGreaterThan(sandbox.clock.now());
      expect((await s3('ListBuckets', {}, credentialsOf(assumed)))['Buckets'] ?? []).toEqual([]);

      sandbox.clock.advance(900_000);
      expect((await refused('sts', 'AssumeRole', enter, session)).code).toBe('AccessDenied');
    },
  },
  {
    does: 'takes the code on AssumeRole itself, for longer than an hour',
    async run(stage) {
      const { iam, sts, account, sandbox } = stage;
      const bob = await worker(stage, 'bob');
      await iam('CreateRole', {
        RoleName: 'long',
        AssumeRolePolicyDocument: trustText(bob.arn, gate),
        MaxSessionDuration: 43_200,
      });
      const { Credentials } = await sts(
        'AssumeRole',
        {
          RoleArn: `arn:aws:iam::${account.accountId}:role/long`,
          RoleSessionName: 'bob',
          DurationSeconds: 36_000,
          SerialNumber: bob.phone.serialNumber,
          TokenCode: await bob.phone.freshCode(),
        },
        bob.key,
      );
      const left = Date.parse(Credentials.Expiration) - sandbox.clock.now();
      expect(left).toBeGreaterThan(35_900_000);
    },
  },
  {
    does: 'hands tags, source identity and a session policy to the session, and packs them',
    async run(stage) {
      const { iam, sts, s3, refused, account } = stage;
      const carl = await worker(stage, 'carl');
      const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
      await iam('CreateRole', {
        RoleName: 'tagged',
        AssumeRolePolicyDocument: policyText({ Effect: 'Allow', Principal: { AWS: carl.arn }, Action: actions }),
      });
      const named = policyText({
        Effect: 'Allow',
        Action: 's3:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/project': 'blue', 'aws:SourceIdentity': 'carl' } },
      });
      await iam('PutRolePolicy', { RoleName: 'tagged', PolicyName: 'own', PolicyDocument: named });
      const assumed = await sts(
        'AssumeRole',
        {
          RoleArn: `arn:aws:iam::${account.accountId}:role/tagged`,
          RoleSessionName: 'carl',
          Tags: [{ Key: 'project', Value: 'blue' }],
          TransitiveTagKeys: ['project'],
          SourceIdentity: 'carl',
          Policy: policyText({ Effect: 'Allow', Action: 's3:List*', Resource: '*' }),
          PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' }],
        },
        carl.key,
      );
      expect(assumed['SourceIdentity']).toBe('carl');
      expect(assumed['PackedPolicySize']).toBeGreaterThan(0);
      await s3('ListBuckets', {}, credentialsOf(assumed));
      const made = await s3('CreateBucket', { Bucket: 'blue-things' }, credentialsOf(assumed));
      expect(made['Location']).toBe('/blue-things');
      await iam('DeleteRolePolicy', { RoleName: 'tagged', PolicyName: 'own' });
      expect((await refused('s3', 'ListBuckets', {}, credentialsOf(assumed))).code).toBe('AccessDenied');
      await s3('DeleteBucket', { Bucket: 'blue-things' });
    },
  },
  {
    does: 'gives federation tokens that can do what both policies allow',
    async run(stage) {
      const { sts, s3, refused, setUp, account } = stage;
      const dan = await hire(setUp, account, 'dan', [
        { Effect: 'Allow', Action: ['s3:*', 'sts:GetFederationToken'], Resource: '*' },
      ]);
      const token = await sts(
        'GetFederationToken',
        { Name: 'guest', Policy: policyText({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }) },
        dan.key,
      );
      expect(token['FederatedUser']).toEqual({
        Arn: `arn:aws:sts::${account.accountId}:federated-user/guest`,
        FederatedUserId: `${account.accountId}:guest`,
      });
      await s3('ListBuckets', {}, credentialsOf(token));
      expect((await refused('s3', 'CreateBucket', { Bucket: 'guests' }, credentialsOf(token))).code).toBe(
        'AccessDenied',
      );
    },
  },
  {
    does: 'reaches a role of the other account when both sides allow',
    async run(stage) {
      const { setUp, sts, account, otherAccount } = stage;
      const eve = await worker(stage, 'eve');
      const role = { RoleName: 'visitors', AssumeRolePolicyDocument: trustText(account.accountId) };
      const made = await setUp.call('iam', 'CreateRole', role, otherAccount.root);
      const RoleArn: string = made.output?.['Role'].Arn;
      const assumed = await sts('AssumeRole', { RoleArn, RoleSessionName: 'eve' }, eve.key);
      expect(await sts('GetCallerIdentity', {}, credentialsOf(assumed))).toMatchObject({
        Account: otherAccount.accountId,
        Arn: `arn:aws:sts::${otherAccount.accountId}:assumed-role/visitors/eve`,
      });
    },
  },
];

import { expect } from 'vitest';
import {
  type ClientCredentials,
  type ClientRefusal,
  credentialsOf,
  type Output,
  succeed,
} from '../harness/aws-client.ts';
import { assume, giveItAPhone, hire, logIn } from '../harness/people.ts';
import { policyText, trustText } from '../harness/policy-text.ts';
import type { Stage, Step } from './stage.ts';

const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const onlyS3 = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const noUsers = { Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' };
const newUser = { UserName: 'intruder' };

/** AWS's present sentence: who, what, on what, and why not. */
function expectDenied(refusal: ClientRefusal, arn: string, action: string, reason: string): void {
  expect(refusal.code).toBe('AccessDenied');
  expect(refusal.message).toMatch(/^User: \S+ is not authorized to perform: \S+ on resource: /);
  expect(refusal.message).toContain(`User: ${arn} is not authorized to perform: ${action} on resource: `);
  expect(refusal.message).toContain(reason);
}

/** A session of a new role that may do everything, but for its boundary and its session policy. */
async function limitedSession(
  { setUp, account }: Stage,
  name: string,
  { boundary, session }: { readonly boundary?: readonly object[]; readonly session?: readonly object[] },
): Promise<{ readonly credentials: ClientCredentials; readonly arn: string }> {
  const root = (operation: string, input: Output) => succeed(setUp, 'iam', operation, input, account.root);
  const person = await hire(setUp, account, `${name}-user`);
  const more: Output = {};
  if (boundary !== undefined) {
    const policy = { PolicyName: `${name}-boundary`, PolicyDocument: policyText(...boundary) };
    more['PermissionsBoundary'] = (await root('CreatePolicy', policy))['Policy'].Arn;
  }
  const { Role } = await root('CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: trustText(person.arn),
    ...more,
  });
  await root('PutRolePolicy', { RoleName: name, PolicyName: 'all', PolicyDocument: policyText(everything) });
  const limits = session === undefined ? {} : { Policy: policyText(...session) };
  const credentials = await assume(setUp, Role.Arn, person.key, limits);
  return { credentials, arn: `arn:aws:sts::${account.accountId}:assumed-role/${name}/test` };
}

export const denials: readonly Step[] = [
  {
    does: 'is told that no identity-based policy allows it',
    async run({ setUp, account, refused }) {
      const nobody = await hire(setUp, account, 'nobody');
      const refusal = await refused('iam', 'CreateUser', newUser, nobody.key);
      expectDenied(
        refusal,
        nobody.arn,
        'iam:CreateUser',
        `on resource: arn:aws:iam::${account.accountId}:user/intruder because no identity-based policy allows the iam:CreateUser action`,
      );
    },
  },
  {
    does: 'is told of an explicit deny in an identity-based policy',
    async run({ setUp, account, refused }) {
      const barred = await hire(setUp, account, 'barred', [everything, noUsers]);
      const refusal = await refused('iam', 'CreateUser', newUser, barred.key);
      expectDenied(refusal, barred.arn, 'iam:CreateUser', 'with an explicit deny in an identity-based policy');
    },
  },
  {
    does: 'is told that a permissions boundary does not allow it, or denies it',
    async run(stage) {
      const outside = await limitedSession(stage, 'outside', { boundary: [onlyS3] });
      const refusal = await stage.refused('iam', 'CreateUser', newUser, outside.credentials);
      expectDenied(
        refusal,
        outside.arn,
        'iam:CreateUser',
        'because no permissions boundary allows the iam:CreateUser action',
      );
      const denied = await limitedSession(stage, 'fenced', { boundary: [everything, noUsers] });
      expectDenied(
        await stage.refused('iam', 'CreateUser', newUser, denied.credentials),
        denied.arn,
        'iam:CreateUser',
        'with an explicit deny in a permissions boundary',
      );
    },
  },
  {
    does: 'is told that a session policy does not allow it, or denies it',
    async run(stage) {
      const outside = await limitedSession(stage, 'narrow', { session: [onlyS3] });
      const refusal = await stage.refused('iam', 'CreateUser', newUser, outside.credentials);
      expectDenied(
        refusal,
        outside.arn,
        'iam:CreateUser',
        'because no session policy allows the iam:CreateUser action',
      );
      const denied = await limitedSession(stage, 'cut', { session: [everything, noUsers] });
      expectDenied(
        await stage.refused('iam', 'CreateUser', newUser, denied.credentials),
        denied.arn,
        'iam:CreateUser',
        'with an explicit deny in a session policy',
      );
    },
  },
  {
    does: 'is told that no role trust policy allows it, or of an explicit deny in it',
    async run({ setUp, account, iam, refused }) {
      const asker = await hire(setUp, account, 'asker', [everything]);
      const other = await hire(setUp, account, 'other');
      await iam('CreateRole', { RoleName: 'shut', AssumeRolePolicyDocument: trustText(other.arn) });
      const RoleArn = `arn:aws:iam::${account.accountId}:role/shut`;
      const enter = { RoleArn, RoleSessionName: 'test' };
      expectDenied(
        await refused('sts', 'AssumeRole', enter, asker.key),
        asker.arn,
        'sts:AssumeRole',
        `on resource: ${RoleArn} because no role trust policy allows the sts:AssumeRole action`,
      );
      const deny = { Effect: 'Deny', Principal: { AWS: asker.arn }, Action: 'sts:AssumeRole' };
      const allow = { ...deny, Effect: 'Allow' };
      await iam('UpdateAssumeRolePolicy', { RoleName: 'shut', PolicyDocument: policyText(allow, deny) });
      expectDenied(
        await refused('sts', 'AssumeRole', enter, asker.key),
        asker.arn,
        'sts:AssumeRole',
        'with an explicit deny in the role trust policy',
      );
    },
  },
  {
    does: 'is told of an explicit deny in a bucket policy, root too',
    async run({ setUp, account, s3, refused }) {
      const Bucket = 'sealed-works';
      await s3('CreateBucket', { Bucket });
      const deny = { Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` };
      await s3('PutBucketPolicy', { Bucket, Policy: policyText(deny) });
      const reader = await hire(setUp, account, 'reader', [onlyS3]);
      expectDenied(
        await refused('s3', 'ListObjectsV2', { Bucket }, reader.key),
        reader.arn,
        's3:ListBucket',
        'with an explicit deny in a resource-based policy',
      );
      expect((await refused('s3', 'ListObjectsV2', { Bucket }, account.root)).code).toBe('AccessDenied');
      await s3('DeleteBucket', { Bucket });
    },
  },
  {
    does: "can't use IAM, or ask for another session, with a session made without a code",
    async run({ setUp, account, sts, refused }) {
      const codeless = await hire(setUp, account, 'codeless', [everything]);
      const session = credentialsOf(await sts('GetSessionToken', {}, codeless.key));
      expect(await refused('iam', 'ListUsers', {}, session)).toMatchObject({
        code: 'InvalidClientTokenId',
        message: expect.stringContaining('The security token included in the request is invalid'),
      });
      expect((await refused('sts', 'GetSessionToken', {}, session)).message).toContain(
        'Cannot call GetSessionToken with session credentials',
      );
      expect((await refused('sts', 'GetFederationToken', { Name: 'guest' }, session)).message).toContain(
        'Cannot call GetFederationToken with session credentials',
      );
    },
  },
  {
    does: 'gets no session for a wrong, a used or a foreign code',
    async run(stage) {
      const { setUp, account, sandbox, sts, refused } = stage;
      const worker = await giveItAPhone(setUp, account, await hire(setUp, account, 'worker'), sandbox.clock);
      const thief = await giveItAPhone(setUp, account, await hire(setUp, account, 'thief'), sandbox.clock);
      const { phone } = worker;
      const SerialNumber = phone.serialNumber;
      const TokenCode = await phone.freshCode();
      await sts('GetSessionToken', { SerialNumber, TokenCode }, worker.key);
      expect(await refused('sts', 'GetSessionToken', { SerialNumber, TokenCode }, worker.key)).toMatchObject({
        code: 'AccessDenied',
        message: expect.stringContaining('MultiFactorAuthentication failed with invalid MFA one time pass code.'),
      });
      const stolen = { SerialNumber, TokenCode: await phone.codeIn(1) };
      expect((await refused('sts', 'GetSessionToken', stolen, thief.key)).message).toContain(
        'Please verify your MFA serial number is valid and associated with this user.',
      );
      const passkey = sandbox.addDevice({
        accountId: account.accountId,
        userName: 'worker',
        type: 'fido',
        name: 'key',
      });
      const byPasskey = { SerialNumber: passkey, TokenCode: await phone.codeIn(1) };
      expect((await refused('sts', 'GetSessionToken', byPasskey, worker.key)).message).toContain(
        'unable to validate MFA code',
      );
      expect((await refused('sts', 'GetSessionToken', { SerialNumber }, worker.key)).message).toContain(
        'must provide both MFA serial number and one time pass code',
      );
    },
  },
  {
    does: 'gets no chained session of over an hour, and no role for root',
    async run(stage) {
      const { setUp, account, sandbox, iam, refused } = stage;
      const chain = await giveItAPhone(
        setUp,
        account,
        await hire(setUp, account, 'chain', [everything]),
        sandbox.clock,
      );
      await iam('CreateRole', {
        RoleName: 'day-long',
        AssumeRolePolicyDocument: trustText(account.accountId),
        MaxSessionDuration: 43_200,
      });
      const RoleArn = `arn:aws:iam::${account.accountId}:role/day-long`;
      const long = { RoleArn, RoleSessionName: 'test', DurationSeconds: 3601 };
      const session = await logIn(setUp, chain);
      expect(await refused('sts', 'AssumeRole', long, session)).toMatchObject({
        code: 'ValidationError',
        message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      });
      expect(await refused('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'test' })).toMatchObject({
        code: 'AccessDenied',
        message: 'Roles may not be assumed by root accounts.',
      });
    },
  },
];

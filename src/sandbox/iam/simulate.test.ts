import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const allowGet =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}';
const denyWithoutMfa = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "*",
      "Resource": "*",
      "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "false" } }
    }
  ]
}`;
const object = 'arn:aws:s3:::b/key';

test('one result for each action on each resource', () => {
  const { EvaluationResults } = iamAccount().call('SimulateCustomPolicy', {
    PolicyInputList: [allowGet],
    ActionNames: ['s3:GetObject', 's3:PutObject'],
    ResourceArns: [object, 'arn:aws:s3:::other/key'],
  });
  expect(
    EvaluationResults.map((result: Record<string, string>) => [
      result['EvalActionName'],
      result['EvalResourceName'],
      result['EvalDecision'],
    ]),
  ).toEqual([
    ['s3:GetObject', object, 'allowed'],
    ['s3:GetObject', 'arn:aws:s3:::other/key', 'implicitDeny'],
    ['s3:PutObject', object, 'implicitDeny'],
    ['s3:PutObject', 'arn:aws:s3:::other/key', 'implicitDeny'],
  ]);
});

test('names the statements that decide, and where they stand', () => {
  const call = { PolicyInputList: [allowGet, denyWithoutMfa], ActionNames: ['s3:GetObject'], ResourceArns: [object] };
  const [allowed] = iamAccount().call('SimulateCustomPolicy', call).EvaluationResults;
  const start = allowGet.indexOf('{"Effect"') + 1;
  expect(allowed).toMatchObject({
    EvalDecision: 'allowed',
    MatchedStatements: [
      {
        SourcePolicyId: 'PolicyInputList.1',
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 1, Column: start },
        EndPosition: { Line: 1, Column: allowGet.length - 2 },
      },
    ],
    ResourceSpecificResults: [
      {
        EvalResourceName: object,
        EvalResourceDecision: 'allowed',
        MissingContextValues: ['aws:MultiFactorAuthPresent'],
      },
    ],
  });
  const ContextEntries = [
    { ContextKeyName: 'aws:multifactorauthpresent', ContextKeyValues: ['false'], ContextKeyType: 'boolean' },
  ];
  const [denied] = iamAccount().call('SimulateCustomPolicy', { ...call, ContextEntries }).EvaluationResults;
  expect(denied).toMatchObject({
    EvalDecision: 'explicitDeny',
    MatchedStatements: [
      {
        SourcePolicyId: 'PolicyInputList.2',
        StartPosition: { Line: 4, Column: 5 },
        EndPosition: { Line: 9, Column: 5 },
      },
    ],
    ResourceSpecificResults: [{ MissingContextValues: [] }],
  });
});

test('without a resource everything is meant, and missing keys stand with the result', () => {
  const [result] = iamAccount().call('SimulateCustomPolicy', {
    PolicyInputList: [
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}',
    ],
    ActionNames: ['s3:ListBucket'],
  }).EvaluationResults;
  expect(result).toMatchObject({
    EvalResourceName: '*',
    EvalDecision: 'implicitDeny',
    MissingContextValues: ['aws:SecureTransport', 'aws:username'],
  });
  expect(result).not.toHaveProperty('ResourceSpecificResults');
});

test('a boundary limits, and the answer says so', () => {
  const [result] = iamAccount().call('SimulateCustomPolicy', {
    PolicyInputList: [allowGet],
    PermissionsBoundaryPolicyInputList: [policyAllowing('sts:*')],
    ActionNames: ['s3:GetObject'],
    ResourceArns: [object],
  }).EvaluationResults;
  expect(result).toMatchObject({
    EvalDecision: 'implicitDeny',
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  });
});

function accountWithAlice() {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call('AddUserToGroup', { UserName: 'alice', GroupName: 'ops' });
  account.call('AttachGroupPolicy', { GroupName: 'ops', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' });
  account.call('PutUserPolicy', {
    UserName: 'alice',
    PolicyName: 'sts',
    PolicyDocument: policyAllowing('sts:AssumeRole'),
  });
  return account;
}

const alice = `arn:aws:iam::${ACCOUNT}:user/alice`;

test('a principal has its own policies and those of its groups', () => {
  const { EvaluationResults } = accountWithAlice().call('SimulatePrincipalPolicy', {
    PolicySourceArn: alice,
    ActionNames: ['s3:GetObject', 'sts:AssumeRole', 'iam:CreateUser'],
  });
  expect(EvaluationResults).toMatchObject([
    { EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'AmazonS3ReadOnlyAccess' }] },
    { EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'user_alice_sts' }] },
    { EvalDecision: 'implicitDeny', MatchedStatements: [] },
  ]);
});

test('a principal’s own boundary counts, unless another is given', () => {
  const account = accountWithAlice();
  account.call('PutUserPermissionsBoundary', {
    UserName: 'alice',
    PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
  });
  const ask = { PolicySourceArn: alice, ActionNames: ['s3:GetObject'] };
  const decisionOf = (more: Record<string, readonly string[]>) =>
    account.call('SimulatePrincipalPolicy', { ...ask, ...more }).EvaluationResults[0].EvalDecision;
  expect(decisionOf({})).toBe('implicitDeny');
  expect(decisionOf({ PermissionsBoundaryPolicyInputList: [policyAllowing('s3:*')] })).toBe('allowed');
  expect(decisionOf({ PolicyInputList: [denyWithoutMfa] })).toBe('implicitDeny');
});

test('groups and roles are principals too; others are not there', () => {
  const account = accountWithAlice();
  account.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  account.call('AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  const decisionOf = (PolicySourceArn: string) =>
    account.call('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: ['s3:GetObject'] }).EvaluationResults[0]
      .EvalDecision;
  expect(decisionOf(`arn:aws:iam::${ACCOUNT}:group/ops`)).toBe('allowed');
  expect(decisionOf(`arn:aws:iam::${ACCOUNT}:role/r`)).toBe('allowed');
  expect(() => decisionOf(`arn:aws:iam::${ACCOUNT}:user/nobody`)).toThrow(
    expect.objectContaining({ code: 'NoSuchEntity', status: 404 }),
  );
  expect(() => decisionOf('arn:aws:iam::444455556666:role/r')).toThrow('cannot be found');
});

test('a trust policy lets in whom it names', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/r`;
  const ask = {
    PolicyInputList: [policyAllowing('s3:*')],
    ActionNames: ['sts:AssumeRole'],
    ResourceArns: [role],
    ResourcePolicy: trusting({ AWS: alice }),
  };
  const [named] = iamAccount().call('SimulateCustomPolicy', { ...ask, CallerArn: alice }).EvaluationResults;
  expect(named).toMatchObject({ EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'ResourcePolicy' }] });
  const bob = alice.replace('alice', 'bob');
  expect(iamAccount().call('SimulateCustomPolicy', { ...ask, CallerArn: bob }).EvaluationResults[0].EvalDecision).toBe(
    'implicitDeny',
  );
  expect(() => iamAccount().call('SimulateCustomPolicy', ask)).toThrow(
    expect.objectContaining({ code: 'InvalidInput', status: 400 }),
  );
});

test.each(['s3:*', 's3:', 'GetObject', 's3:Get:Object'])('%s is no action', (action) => {
  expect(() =>
    iamAccount().call('SimulateCustomPolicy', { PolicyInputList: [allowGet], ActionNames: [action] }),
  ).toThrow(expect.objectContaining({ code: 'InvalidInput', message: `Invalid Entity Action: ${action}` }));
});

test('a malformed policy is bad input', () => {
  expect(() =>
    iamAccount().call('SimulateCustomPolicy', { PolicyInputList: ['{'], ActionNames: ['s3:GetObject'] }),
  ).toThrow(expect.objectContaining({ code: 'InvalidInput', status: 400 }));
});

test('an action on a resource is worked out when its page is asked for', () => {
  const account = iamAccount();
  const ask = {
    PolicyInputList: [allowGet],
    ActionNames: Array.from({ length: 3000 }, (_, n) => `s3:Get${n}`),
    ResourceArns: Array.from({ length: 3000 }, (_, n) => `arn:aws:s3:::b/${n}`),
    MaxItems: 2,
  };
  const first = account.call('SimulateCustomPolicy', ask);
  const on = (action: string, n: number) => ({ EvalActionName: action, EvalResourceName: `arn:aws:s3:::b/${n}` });
  expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [on('s3:Get0', 0), on('s3:Get0', 1)] });
  const Marker = Buffer.from('after:2999').toString('base64url');
  expect(account.call('SimulateCustomPolicy', { ...ask, Marker })).toMatchObject({
    EvaluationResults: [on('s3:Get1', 0), on('s3:Get1', 1)],
  });
  const beyond = Buffer.from('after:9000000').toString('base64url');
  expect(account.call('SimulateCustomPolicy', { ...ask, Marker: beyond })).toEqual({
    EvaluationResults: [],
    IsTruncated: false,
  });
  for (const foreign of ['x', '-2', '1.5', '1e3', '']) {
    const given = { ...ask, Marker: Buffer.from(`after:${foreign}`).toString('base64url') };
    expect(() => account.call('SimulateCustomPolicy', given)).toThrow('Invalid Marker.');
  }
});

test('results come in pages', () => {
  const account = iamAccount();
  const ask = {
    PolicyInputList: [allowGet],
    ActionNames: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
    MaxItems: 2,
  };
  const first = account.call('SimulateCustomPolicy', ask);
  expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [{}, {}] });
  const second = account.call('SimulateCustomPolicy', { ...ask, Marker: first.Marker });
  expect(second).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: 's3:ListBucket' }] });
});

test('tells which keys policies ask for', () => {
  const account = accountWithAlice();
  const policy = (more: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/\${aws:username}/\${*}/\${aws:PrincipalTag/team, 'none'}"${more}}]}`;
  const PolicyInputList = [
    policy(',"Condition":{"StringLike":{"s3:prefix":"${aws:userid}*"},"Bool":{"AWS:MultiFactorAuthPresent":"true"}}'),
    policy(',"Condition":{"Bool":{"aws:multifactorauthpresent":"true"}}'),
  ];
  const names = ['s3:prefix', 'AWS:MultiFactorAuthPresent', 'aws:username', 'aws:PrincipalTag/team', 'aws:userid'];
  expect(account.call('GetContextKeysForCustomPolicy', { PolicyInputList }).ContextKeyNames).toEqual(names);
  account.call('PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument: PolicyInputList[0] ?? '' });
  expect(account.call('GetContextKeysForPrincipalPolicy', { PolicySourceArn: alice }).ContextKeyNames).toEqual(names);
});

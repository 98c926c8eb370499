import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const boundary = `arn:aws:iam::${ACCOUNT}:policy/limit`;

function account() {
  const iam = iamAccount();
  iam.call('CreatePolicy', { PolicyName: 'limit', PolicyDocument: policyAllowing('s3:*') });
  return iam;
}

test('a user and a role are made with a boundary, lose it and get it again', () => {
  const iam = account();
  const shown = { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary } };
  for (const kind of ['User', 'Role'] as const) {
    const who = { [`${kind}Name`]: 'x' };
    const trust = kind === 'Role' ? { AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) } : {};
    expect(iam.call(`Create${kind}`, { ...who, ...trust, PermissionsBoundary: boundary })[kind]).toMatchObject(shown);
    expect(iam.call(`Get${kind}`, who)[kind]).toMatchObject(shown);
    iam.call(`Delete${kind}PermissionsBoundary`, who);
    iam.call(`Delete${kind}PermissionsBoundary`, who);
    expect(iam.call(`Get${kind}`, who)[kind]).not.toHaveProperty('PermissionsBoundary');
    iam.call(`Put${kind}PermissionsBoundary`, { ...who, PermissionsBoundary: boundary });
    expect(iam.call(`Get${kind}`, who)[kind]).toMatchObject(shown);
    expect(iam.call(`List${kind}s`)[`${kind}s`][0]).not.toHaveProperty('PermissionsBoundary');
  }
});

test.each([
  [
    `arn:aws:iam::${ACCOUNT}:not_a_policy/invalid`,
    'InvalidInput',
    400,
    `ARN arn:aws:iam::${ACCOUNT}:not_a_policy/invalid is not valid.`,
  ],
  [
    `arn:aws:iam::${ACCOUNT}:policy/none`,
    'NoSuchEntity',
    404,
    `Scope ARN: arn:aws:iam::${ACCOUNT}:policy/none does not exist or is not attachable.`,
  ],
] as const)('refuses the boundary %s', (PermissionsBoundary, code, status, message) => {
  const iam = account();
  iam.call('CreateUser', { UserName: 'x' });
  const refusal = expect.objectContaining({ code, status, message });
  expect(() => iam.call('PutUserPermissionsBoundary', { UserName: 'x', PermissionsBoundary })).toThrow(refusal);
  expect(() => iam.call('CreateUser', { UserName: 'y', PermissionsBoundary })).toThrow(refusal);
  expect(() => iam.call('GetUser', { UserName: 'y' })).toThrow('cannot be found');
});

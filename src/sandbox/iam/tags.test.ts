import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const taggable = [
  ['User', { UserName: 'x' }, {}],
  ['Role', { RoleName: 'x' }, { AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) }],
  [
    'Policy',
    { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/x` },
    { PolicyName: 'x', PolicyDocument: policyAllowing('s3:*') },
  ],
  ['MFADevice', { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/x` }, { VirtualMFADeviceName: 'x' }],
] as const;

test.each(taggable)('%s: tags on creation, tags, lists, untags', (kind, who, creation) => {
  const account = iamAccount();
  const create = kind === 'MFADevice' ? 'CreateVirtualMFADevice' : `Create${kind}`;
  const named = kind === 'User' || kind === 'Role' ? who : {};
  account.call(create, { ...named, ...creation, Tags: [{ Key: 'Team', Value: 'ops' }] });
  account.call(`Tag${kind}`, {
    ...who,
    Tags: [
      { Key: 'Team', Value: '' },
      { Key: 'Env', Value: 'dev' },
    ],
  });
  const env = { Key: 'Env', Value: 'dev' };
  expect(account.call(`List${kind}Tags`, who)).toEqual({ Tags: [env, { Key: 'Team', Value: '' }], IsTruncated: false });
  expect(account.call(`List${kind}Tags`, { ...who, MaxItems: 1 })).toMatchObject({ Tags: [env], IsTruncated: true });
  account.call(`Untag${kind}`, { ...who, TagKeys: ['Team', 'NotThere'] });
  expect(account.call(`List${kind}Tags`, who).Tags).toEqual([env]);
});

test('keys of users’ tags are the same without regard to case, those of policies’ are not', () => {
  const account = iamAccount();
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'A', Value: '2' },
  ];
  expect(() => account.call('CreateUser', { UserName: 'x', Tags })).toThrow(
    expect.objectContaining({
      code: 'InvalidInput',
      status: 400,
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    }),
  );
  account.call('CreateUser', { UserName: 'x' });
  account.call('TagUser', { UserName: 'x', Tags: [{ Key: 'a', Value: '1' }] });
  account.call('TagUser', { UserName: 'x', Tags: [{ Key: 'A', Value: '2' }] });
  expect(account.call('ListUserTags', { UserName: 'x' }).Tags).toEqual([{ Key: 'A', Value: '2' }]);

  const policy = { PolicyName: 'x', PolicyDocument: policyAllowing('s3:*') };
  account.call('CreatePolicy', { ...policy, Tags });
  expect(account.call('ListPolicyTags', { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/x` }).Tags).toHaveLength(2);
  const twice = [...Tags, { Key: 'a', Value: '3' }];
  expect(() => account.call('CreatePolicy', { ...policy, PolicyName: 'y', Tags: twice })).toThrow(
    'Duplicate tag keys found.',
  );
});

test.each([
  ['aws:key', 'value'],
  ['AWS:key', 'value'],
  ['key', 'aws:value'],
])('%s=%s is reserved', (Key, Value) => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'x' });
  const Tags = [{ Key, Value }];
  const reserved = expect.objectContaining({ code: 'InvalidInput', status: 400 });
  expect(() => account.call('TagUser', { UserName: 'x', Tags })).toThrow(reserved);
  expect(() => account.call('CreateUser', { UserName: 'y', Tags })).toThrow(reserved);
  expect(account.call('ListUserTags', { UserName: 'x' }).Tags).toEqual([]);
});

test('have pages whatever script their keys are in', () => {
  const account = iamAccount();
  const Tags = ['1', '2', '3'].map((n) => ({ Key: n + '鍵'.repeat(127), Value: '' }));
  account.call('CreateUser', { UserName: 'x', Tags });
  const { Marker } = account.call('ListUserTags', { UserName: 'x', MaxItems: 2 });
  expect(account.call('ListUserTags', { UserName: 'x', MaxItems: 2, Marker }).Tags).toEqual([Tags[2]]);
});

test('fifty tags at most, also one after the other', () => {
  const account = iamAccount();
  account.call('CreateUser', {
    UserName: 'x',
    Tags: Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' })),
  });
  account.call('TagUser', { UserName: 'x', Tags: [{ Key: 'K0', Value: 'again' }] });
  expect(() => account.call('TagUser', { UserName: 'x', Tags: [{ Key: 'more', Value: '' }] })).toThrow(
    expect.objectContaining({ code: 'LimitExceeded', status: 409 }),
  );
});

import { expect, test } from 'vitest';
import { iamAccount, policyAllowing, trusting } from '../../../test/support/iam-account.ts';

const holders = [
  ['User', 'user', 2048],
  ['Group', 'group', 5120],
  ['Role', 'role', 10_240],
] as const;

function accountWith(kind: (typeof holders)[number][0]) {
  const account = iamAccount();
  const trust = kind === 'Role' ? { AssumeRolePolicyDocument: trusting({ AWS: '111122223333' }) } : {};
  account.call(`Create${kind}`, { [`${kind}Name`]: 'x', ...trust });
  return account;
}

test.each(holders)('%s: puts, reads, lists and deletes inline policies', (kind, word) => {
  const account = accountWith(kind);
  const who = { [`${kind}Name`]: 'x' };
  const PolicyDocument = `${policyAllowing('s3:Get*').slice(0, -1)} }`;
  account.call(`Put${kind}Policy`, { ...who, PolicyName: 'Zed', PolicyDocument });
  account.call(`Put${kind}Policy`, { ...who, PolicyName: 'able', PolicyDocument: policyAllowing('s3:List*') });
  expect(account.call(`List${kind}Policies`, who)).toEqual({ PolicyNames: ['able', 'Zed'], IsTruncated: false });
  const answer = account.call(`Get${kind}Policy`, { ...who, PolicyName: 'zed' });
  expect(answer).toEqual({ ...who, PolicyName: 'Zed', PolicyDocument: expect.stringMatching(/^%7B/) });
  expect(answer.PolicyDocument).toContain('%2A');
  expect(decodeURIComponent(answer.PolicyDocument)).toBe(PolicyDocument);
  account.call(`Delete${kind}Policy`, { ...who, PolicyName: 'Zed' });
  for (const action of [`Get${kind}Policy`, `Delete${kind}Policy`]) {
    expect(() => account.call(action, { ...who, PolicyName: 'Zed' })).toThrow(
      expect.objectContaining({ code: 'NoSuchEntity', message: `The ${word} policy with name Zed cannot be found.` }),
    );
  }
});

test.each(holders)('%s: counts all inline policies together, without white space', (kind, word, limit) => {
  const account = accountWith(kind);
  const who = { [`${kind}Name`]: 'x' };
  const filled = (length: number) => {
    const bare = policyAllowing('s3:').length;
    return policyAllowing(`s3:${'a'.repeat(length - bare)}`);
  };
  const half = Math.floor(limit / 2);
  account.call(`Put${kind}Policy`, {
    ...who,
    PolicyName: 'one',
    PolicyDocument: `${filled(half)}${' \n'.repeat(3000)}`,
  });
  account.call(`Put${kind}Policy`, { ...who, PolicyName: 'two', PolicyDocument: filled(limit - half) });
  expect(() =>
    account.call(`Put${kind}Policy`, { ...who, PolicyName: 'two', PolicyDocument: filled(limit - half + 1) }),
  ).toThrow(
    expect.objectContaining({
      code: 'LimitExceeded',
      status: 409,
      message: `Maximum policy size of ${limit} bytes exceeded for ${word} x`,
    }),
  );
  account.call(`Put${kind}Policy`, { ...who, PolicyName: 'ONE', PolicyDocument: filled(half) });
  expect(account.call(`List${kind}Policies`, who).PolicyNames).toEqual(['ONE', 'two']);
});

test('a malformed document is refused and changes nothing', () => {
  const account = accountWith('User');
  expect(() =>
    account.call('PutUserPolicy', { UserName: 'x', PolicyName: 'p', PolicyDocument: '{"Version":' }),
  ).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', status: 400 }));
  expect(account.call('ListUserPolicies', { UserName: 'x' }).PolicyNames).toEqual([]);
});

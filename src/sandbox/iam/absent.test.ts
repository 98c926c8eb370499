import { expect, test } from 'vitest';
import { iamAccount } from '../../../test/support/iam-account.ts';

test.each(['GetLoginProfile', 'DeleteLoginProfile'])('%s: a user has no password', (action) => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  expect(() => account.call(action, { UserName: 'alice' })).toThrow(
    expect.objectContaining({ code: 'NoSuchEntity', message: 'Login Profile for User alice cannot be found.' }),
  );
  expect(() => account.call(action, { UserName: 'bob' })).toThrow('The user with name bob cannot be found.');
});

test.each([
  ['ListServiceSpecificCredentials', 'ServiceSpecificCredentials'],
  ['ListSigningCertificates', 'Certificates'],
  ['ListSSHPublicKeys', 'SSHPublicKeys'],
])('%s: a user has none, and somebody has to be there', (action, element) => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  expect(account.call(action, { UserName: 'alice' })).toEqual({ [element]: [], IsTruncated: false });
  expect(account.call(action)).toEqual({ [element]: [], IsTruncated: false });
  expect(() => account.call(action, { UserName: 'bob' })).toThrow('The user with name bob cannot be found.');
  expect(account.asked(action, { UserName: 'alice' }).called).toBe('user alice');
});

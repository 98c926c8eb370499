import { expect, test } from 'vitest';
import { ACCOUNT, iamAccount, policyAllowing } from '../../../test/support/iam-account.ts';

test('creates, renames, lists and deletes a group', () => {
  const account = iamAccount();
  const { Group } = account.call('CreateGroup', { GroupName: 'ops', Path: '/team/' });
  expect(Group).toEqual({
    Path: '/team/',
    GroupName: 'ops',
    GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:group/team/ops`,
    CreateDate: '2026-01-02T03:04:05Z',
  });
  expect(() => account.call('CreateGroup', { GroupName: 'OPS' })).toThrow('Group with name OPS already exists.');
  account.call('UpdateGroup', { GroupName: 'ops', NewGroupName: 'dev', NewPath: '/' });
  expect(account.call('ListGroups').Groups).toMatchObject([{ GroupName: 'dev', GroupId: Group.GroupId, Path: '/' }]);
  account.call('DeleteGroup', { GroupName: 'dev' });
  expect(() => account.call('GetGroup', { GroupName: 'dev' })).toThrow('The group with name dev cannot be found.');
});

test('members come and go; doing it twice is no error', () => {
  const account = iamAccount();
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call('CreateUser', { UserName: 'alice' });
  const both = { GroupName: 'ops', UserName: 'alice' };
  account.call('AddUserToGroup', both);
  account.call('AddUserToGroup', both);
  expect(account.call('GetGroup', { GroupName: 'ops' }).Users).toMatchObject([{ UserName: 'alice' }]);
  expect(account.call('ListGroupsForUser', { UserName: 'alice' }).Groups).toMatchObject([{ GroupName: 'ops' }]);
  account.call('RemoveUserFromGroup', both);
  account.call('RemoveUserFromGroup', both);
  expect(account.call('ListGroupsForUser', { UserName: 'alice' }).Groups).toEqual([]);
});

test('the user is looked for before the group', () => {
  const account = iamAccount();
  expect(() => account.call('AddUserToGroup', { GroupName: 'g', UserName: 'u' })).toThrow('The user with name u');
  account.call('CreateUser', { UserName: 'u' });
  expect(() => account.call('AddUserToGroup', { GroupName: 'g', UserName: 'u' })).toThrow('The group with name g');
});

test('a user is in ten groups at most', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  for (let n = 0; n <= 10; n++) account.call('CreateGroup', { GroupName: `g${n}` });
  for (let n = 0; n < 10; n++) account.call('AddUserToGroup', { UserName: 'alice', GroupName: `g${n}` });
  expect(() => account.call('AddUserToGroup', { UserName: 'alice', GroupName: 'g10' })).toThrow(
    'Cannot exceed quota for GroupsPerUser: 10',
  );
});

test.each([
  ['members', 'AddUserToGroup', { GroupName: 'ops', UserName: 'alice' }, 'remove users from group'],
  [
    'attached policies',
    'AttachGroupPolicy',
    { GroupName: 'ops', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' },
    'detach all policies',
  ],
  [
    'inline policies',
    'PutGroupPolicy',
    { GroupName: 'ops', PolicyName: 'p', PolicyDocument: policyAllowing('s3:*') },
    'delete policies',
  ],
] as const)('does not delete a group that has %s', (_, action, input, what) => {
  const account = iamAccount();
  account.call('CreateGroup', { GroupName: 'ops' });
  account.call('CreateUser', { UserName: 'alice' });
  account.call(action, input);
  expect(() => account.call('DeleteGroup', { GroupName: 'ops' })).toThrow(
    expect.objectContaining({ code: 'DeleteConflict', message: `Cannot delete entity, must ${what} first.` }),
  );
});

import { expect, test } from 'vitest';
import { Refusal } from '../../enforcement/refusal.ts';
import { readParameters } from '../shapes.ts';
import { parameters } from './parameters.ts';

function refusalOf(read: () => unknown): Refusal {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function given(...pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(pairs);
}

const PATH_SENTENCE =
  'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.';

test.each([
  [
    'a name against its pattern',
    'CreateUser',
    given(['UserName', 'a/b']),
    'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  ],
  [
    'an empty name',
    'CreateUser',
    given(['UserName', '']),
    'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  ],
  [
    'a name too long',
    'CreateUser',
    given(['UserName', 'a'.repeat(65)]),
    "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64",
  ],
  [
    'a name missing',
    'CreateUser',
    given(),
    "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
  ],
  [
    'two faults at once',
    'PutUserPolicy',
    given(['UserName', 'alice']),
    "2 validation errors detected: Value at 'policyName' failed to satisfy constraint: Member must not be null; Value at 'policyDocument' failed to satisfy constraint: Member must not be null",
  ],
  ['a path without its first slash', 'CreateUser', given(['UserName', 'a'], ['Path', 'x/']), PATH_SENTENCE],
  ['a path without its last slash', 'CreateUser', given(['UserName', 'a'], ['Path', '/x']), PATH_SENTENCE],
  [
    'a path too long',
    'CreateUser',
    given(['UserName', 'a'], ['Path', `/${'a'.repeat(512)}/`]),
    "1 validation error detected: Value at 'path' failed to satisfy constraint: Member must have length less than or equal to 512",
  ],
  [
    'a value outside an enum',
    'UpdateAccessKey',
    given(['AccessKeyId', 'AKIAIOSFODNN7EXAMPLE'], ['Status', 'Broken']),
    "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
  ],
  [
    'a number too great',
    'ListUsers',
    given(['MaxItems', '1001']),
    "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000",
  ],
  [
    'a number too small',
    'ListUsers',
    given(['MaxItems', '0']),
    "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'a session too long',
    'UpdateRole',
    given(['RoleName', 'r'], ['MaxSessionDuration', '43201']),
    "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200",
  ],
  [
    'a version against its pattern',
    'GetPolicyVersion',
    given(['PolicyArn', 'arn:aws:iam::111122223333:policy/p'], ['VersionId', '1']),
    "1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
  ],
  [
    "a tag's key too long",
    'TagUser',
    given(['UserName', 'a'], ['Tags.member.1.Key', 'k'.repeat(129)], ['Tags.member.1.Value', 'v']),
    "1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
  ],
  [
    "a tag's key against its pattern",
    'TagUser',
    given(['UserName', 'a'], ['Tags.member.1.Key', 'a#b'], ['Tags.member.1.Value', 'v']),
    "1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
  ],
  [
    'a tag without a value',
    'TagUser',
    given(['UserName', 'a'], ['Tags.member.1.Key', 'k']),
    "1 validation error detected: Value at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
  ],
  [
    'a member of a list of texts, which names all that a member must be',
    'UntagUser',
    given(['UserName', 'a'], ['TagKeys.member.1', 'a#b']),
    "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+, Member must not be null]",
  ],
  [
    'more tags than fifty',
    'TagUser',
    given(
      ['UserName', 'a'],
      ...Array.from({ length: 51 }, (_, n) => [
        [`Tags.member.${n + 1}.Key`, `k${n}`] as const,
        [`Tags.member.${n + 1}.Value`, 'v'] as const,
      ]).flat(),
    ),
    "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
  ],
  [
    'a code that is too short',
    'EnableMFADevice',
    given(
      ['UserName', 'a'],
      ['SerialNumber', 'arn:aws:iam::111122223333:mfa/a'],
      ['AuthenticationCode1', '12345'],
      ['AuthenticationCode2', '123456'],
    ),
    "1 validation error detected: Value at 'authenticationCode1' failed to satisfy constraint: Member must have length greater than or equal to 6",
  ],
] as const)('refuses %s', (_, action, sent, message) => {
  const refusal = refusalOf(() => readParameters(parameters[action], sent));
  expect(refusal).toMatchObject({ code: 'ValidationError', status: 400, message });
});

test('reads texts, numbers, flags, and lists in the order of their numbers', () => {
  const sent = given(
    ['Tags.member.10.Key', 'tenth'],
    ['Tags.member.10.Value', ''],
    ['Tags.member.2.Key', 'second'],
    ['Tags.member.2.Value', 'x'],
    ['RoleName', 'r'],
    ['AssumeRolePolicyDocument', '{}'],
    ['MaxSessionDuration', '7200'],
    ['NobodyAsksForThis', 'x'],
  );
  expect(readParameters(parameters.CreateRole, sent)).toEqual({
    Path: undefined,
    RoleName: 'r',
    AssumeRolePolicyDocument: '{}',
    Description: undefined,
    MaxSessionDuration: 7200,
    PermissionsBoundary: undefined,
    Tags: [
      { Key: 'second', Value: 'x' },
      { Key: 'tenth', Value: '' },
    ],
  });
});

test('an empty list is a list', () => {
  expect(readParameters(parameters.TagUser, given(['UserName', 'a'], ['Tags', ''])).Tags).toEqual([]);
});

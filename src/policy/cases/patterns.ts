import { ALICE, allow, type Case, deny, HOME, policy } from './case.ts';

const RESOURCE = 'IAM User Guide, JSON policy elements: Resource';
const ACTION = 'IAM User Guide, JSON policy elements: Action';
const VARIABLES = 'IAM User Guide, policy elements: variables and tags';
const VERSION = 'IAM User Guide, JSON policy elements: Version';

type Context = Readonly<Record<string, string | readonly string[]>>;

function resource(pattern: string, asked: string, isAllowed: boolean): Case {
  return {
    name: `Resource ${pattern} ${isAllowed ? 'matches' : 'does not match'} ${asked}`,
    rule: RESOURCE,
    identityPolicies: [policy(allow({ Action: '*', Resource: pattern }))],
    request: { resource: asked },
    answer: isAllowed ? 'allowed' : 'implicitDeny',
  };
}

function action(pattern: string, asked: string, isAllowed: boolean): Case {
  return {
    name: `Action ${pattern} ${isAllowed ? 'matches' : 'does not match'} ${asked}`,
    rule: ACTION,
    identityPolicies: [policy(allow({ Action: pattern }))],
    request: { action: asked },
    answer: isAllowed ? 'allowed' : 'implicitDeny',
  };
}

/** A home folder by a variable, asked for alice's. */
function home(name: string, pattern: string, context: Context, isAllowed: boolean, version = '2012-10-17'): Case {
  return {
    name: `${name}: ${isAllowed ? 'matches' : 'does not match'}`,
    rule: version === '2012-10-17' ? VARIABLES : VERSION,
    identityPolicies: [{ Version: version, Statement: [allow({ Resource: `arn:aws:s3:::home/${pattern}` })] }],
    request: { resource: 'arn:aws:s3:::home/alice/x', context },
    answer: isAllowed ? 'allowed' : 'implicitDeny',
  };
}

/** A condition with a variable in its value. */
function value(name: string, operator: string, wanted: string, context: Context, isAllowed: boolean): Case {
  return {
    name: `${operator} ${wanted}, ${name}: ${isAllowed ? 'holds' : 'does not hold'}`,
    rule: VARIABLES,
    identityPolicies: [policy(allow({ Condition: { [operator]: { 's3:prefix': wanted } } }))],
    request: { context },
    answer: isAllowed ? 'allowed' : 'implicitDeny',
  };
}

const alice = { 'aws:username': 'alice' };

export const patternCases: readonly Case[] = [
  action('s3:GetObject', 'S3:getobject', true),
  action('S3:GETOBJECT', 's3:GetObject', true),
  action('*', 's3:GetObject', true),
  action('*:*', 's3:GetObject', true),
  action('s3:*', 's3-object-lambda:GetObject', false),
  action('s3:Get*', 's3:GetObject', true),
  action('s3:*Object', 's3:GetObject', true),
  action('s3:*Object', 's3:GetObjectAcl', false),
  action('s3:Get?bject', 's3:GetObject', true),
  action('s3:Get*Acl*', 's3:GetObjectVersionAcl', true),
  action('s3:GetObject', 's3:GetObjectAcl', false),
  {
    name: 'NotAction in an Allow: all but these, of every service',
    rule: 'IAM User Guide, JSON policy elements: NotAction',
    identityPolicies: [policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
    answer: 'allowed',
  },
  {
    name: 'NotAction in an Allow does not deny what it leaves out',
    rule: 'IAM User Guide, JSON policy elements: NotAction',
    identityPolicies: [
      policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, allow({ Action: 'iam:GetUser' })),
    ],
    request: { action: 'iam:GetUser', resource: ALICE },
    answer: 'allowed',
  },
  {
    name: 'NotAction in another case',
    rule: 'IAM User Guide, JSON policy elements: NotAction',
    identityPolicies: [policy({ Effect: 'Allow', NotAction: 'S3:GETOBJECT', Resource: '*' })],
    answer: 'implicitDeny',
  },

  resource('*', 'arn:aws:s3:::vault/plan.txt', true),
  resource('arn:aws:s3:::vault/*', 'arn:aws:s3:::vault/a/b/c', true),
  resource('arn:aws:s3:::vault/*', 'arn:aws:s3:::vault', false),
  resource('arn:aws:s3:::vault*', 'arn:aws:s3:::vault-of-others/x', true),
  resource('arn:aws:s3:::vault/*/x', 'arn:aws:s3:::vault/a/b/x', true),
  resource('arn:aws:s3:::Vault/*', 'arn:aws:s3:::vault/x', false),
  resource('arn:aws:s3:::vault/?', 'arn:aws:s3:::vault/x', true),
  resource('arn:aws:s3:::vault/?', 'arn:aws:s3:::vault/xy', false),
  resource('arn:aws:s3:::vault/?', 'arn:aws:s3:::vault/😀', true),
  resource('arn:aws:sqs:eu-west-1:*', `arn:aws:sqs:eu-west-1:${HOME}:queue`, true),
  resource('arn:aws:sqs:*:queue', `arn:aws:sqs:eu-west-1:${HOME}:queue`, true),
  resource('arn:aws:sqs:eu-*-1:queue', `arn:aws:sqs:eu-west-1:${HOME}:queue`, false),
  resource(`arn:aws:sqs:*:${HOME}:queue`, `arn:aws:sqs:eu-west-1:${HOME}:queue`, true),
  resource('arn:aws:iam::*:role/admin', `arn:aws:iam::${HOME}:role/admin`, true),
  resource('arn:aws:iam::*:role/admin', `arn:aws:iam::${HOME}:role/path/admin`, false),
  resource('arn:aws:iam::*:role/*admin', `arn:aws:iam::${HOME}:role/path/admin`, true),
  resource('arn:aws:logs:*:*:log-group:/app/*', `arn:aws:logs:eu-west-1:${HOME}:log-group:/app/web:log-stream:1`, true),
  resource(
    'arn:aws:logs:*:*:log-group:/app/*:log-stream:1',
    `arn:aws:logs:eu-west-1:${HOME}:log-group:/app/a:b:log-stream:1`,
    true,
  ),
  resource(
    'arn:aws:logs:*:*:log-group:/app/*b:log-stream:1',
    `arn:aws:logs:eu-west-1:${HOME}:log-group:/app/a:b:log-stream:1`,
    false,
  ),
  resource('arn:aws:s3:::**/x', 'arn:aws:s3:::vault/x', true),
  {
    name: 'NotResource in a Deny: all but these',
    rule: 'IAM User Guide, JSON policy elements: NotResource',
    identityPolicies: [policy(allow(), { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::home/*' })],
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'NotResource in a Deny spares these',
    rule: 'IAM User Guide, JSON policy elements: NotResource',
    identityPolicies: [
      policy(allow(), { Effect: 'Deny', Action: 's3:*', NotResource: ['arn:aws:s3:::vault/*', 'arn:aws:s3:::home/*'] }),
    ],
    answer: 'allowed',
  },

  home('a variable', '${aws:username}/*', alice, true),
  home('a variable, another user', '${aws:username}/*', { 'aws:username': 'bob' }, false),
  home('a variable in another case', '${AWS:UserName}/*', alice, true),
  home('a variable without a value', '${aws:username}/*', {}, false),
  home('a variable without a value, in a pattern that would match', '*${aws:username}*', {}, false),
  home('a variable with an empty value', '*${aws:username}*', { 'aws:username': '' }, true),
  home('a star in the value is no wildcard', '${aws:username}', { 'aws:username': '*' }, false),
  home('a default, the key absent', "${aws:username, 'alice'}/*", {}, true),
  home('a default, the key there', "${aws:username, 'alice'}/*", { 'aws:username': 'bob' }, false),
  home('a default, the key there in another case', "${AWS:UserName, 'bob'}/*", alice, true),
  home(
    'a variable beside a star that stays in its segment',
    '*${aws:PrincipalTag/f}x',
    { 'aws:PrincipalTag/f': '/' },
    true,
  ),
  home('a default without its space', "${aws:username,'alice'}/*", {}, false),
  home('a default with a brace', "${aws:username, 'al}ce'}/*", {}, false),
  home('a key with several values', '${aws:username}/*', { 'aws:username': ['alice', 'bob'] }, false),
  home(
    'a key with several values and a default',
    "${aws:username, 'alice'}/*",
    { 'aws:username': ['bob', 'eve'] },
    false,
  ),
  home('a multi-valued key and a default', "${aws:TagKeys, 'alice'}/*", { 'aws:TagKeys': ['bob'] }, true),
  home('a multi-valued key with one value', '${aws:TagKeys}/*', { 'aws:TagKeys': ['alice'] }, false),
  home('a tag', '${aws:PrincipalTag/Folder}/*', { 'aws:PrincipalTag/folder': 'alice' }, true),
  home('two variables', '${aws:username}/${aws:PrincipalTag/f}', { ...alice, 'aws:PrincipalTag/f': 'x' }, true),
  home('the older version takes it for text', '${aws:username}/*', alice, false, '2008-10-17'),
  home('an opening that nothing closes is text', '${aws:username', alice, false),
  {
    name: 'the older version matches the very text',
    rule: VERSION,
    identityPolicies: [{ Statement: [allow({ Resource: 'arn:aws:s3:::home/${aws:username}' })] }],
    request: { resource: 'arn:aws:s3:::home/${aws:username}', context: alice },
    answer: 'allowed',
  },
  {
    name: 'a star beside a variable stays in its segment',
    rule: `${RESOURCE}; ${VARIABLES}`,
    identityPolicies: [policy(allow({ Resource: 'arn:aws:s3:::vault/*${aws:username}' }))],
    request: { resource: 'arn:aws:s3:::vault/a:alice', context: alice },
    answer: 'implicitDeny',
  },
  {
    name: 'a star before an empty variable ends its segment',
    rule: `${RESOURCE}; ${VARIABLES}`,
    identityPolicies: [policy(allow({ Resource: 'arn:aws:s3:::vault/*${aws:username}' }))],
    request: { resource: 'arn:aws:s3:::vault/a:alice', context: { 'aws:username': '' } },
    answer: 'allowed',
  },
  {
    name: 'the older version takes a variable in a condition for text',
    rule: VERSION,
    identityPolicies: [{ Statement: [allow({ Condition: { StringEquals: { 's3:prefix': '${aws:username}' } } })] }],
    request: { context: { ...alice, 's3:prefix': 'alice' } },
    answer: 'implicitDeny',
  },
  {
    name: 'escapes: ${*} is an asterisk',
    rule: VARIABLES,
    identityPolicies: [policy(allow({ Resource: 'arn:aws:s3:::vault/a${*}b' }))],
    request: { resource: 'arn:aws:s3:::vault/axxb' },
    answer: 'implicitDeny',
  },
  {
    name: 'escapes: ${*} matches an asterisk',
    rule: VARIABLES,
    identityPolicies: [policy(allow({ Resource: 'arn:aws:s3:::vault/a${*}b${?}${$}{c}' }))],
    request: { resource: 'arn:aws:s3:::vault/a*b?${c}' },
    answer: 'allowed',
  },
  {
    name: 'a variable without a value under NotResource, in a Deny: nothing is spared',
    rule: VARIABLES,
    identityPolicies: [
      policy(allow(), { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::vault/${aws:username}*' }),
    ],
    answer: 'explicitDeny',
    by: 'identity-based policy',
  },
  {
    name: 'a variable without a value under NotResource, in an Allow: the statement is void',
    rule: `${VARIABLES}: "might cause the entire statement to be invalid"`,
    identityPolicies: [policy({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::home/${aws:username}*' })],
    answer: 'implicitDeny',
  },
  {
    name: 'a variable without a value in a Deny’s Resource denies nothing',
    rule: VARIABLES,
    identityPolicies: [policy(allow(), deny({ Resource: 'arn:aws:s3:::vault/${aws:username}*' }))],
    answer: 'allowed',
  },

  value('the same value', 'StringEquals', '${aws:username}', { ...alice, 's3:prefix': 'alice' }, true),
  value('no value', 'StringEquals', '${aws:username}', { 's3:prefix': 'alice' }, false),
  value('no value, negated', 'StringNotEquals', '${aws:username}', { 's3:prefix': 'alice' }, true),
  value('a folder', 'StringLike', '${aws:username}/*', { ...alice, 's3:prefix': 'alice/x' }, true),
  value(
    'a star in the value',
    'StringLike',
    '${aws:username}/*',
    { 'aws:username': '*', 's3:prefix': 'alice/x' },
    false,
  ),
  value('in another case', 'StringEqualsIgnoreCase', '${aws:username}', { ...alice, 's3:prefix': 'ALICE' }, true),
  value('an escape', 'StringLike', 'a${*}', { 's3:prefix': 'a*' }, true),
  value('an escape is no wildcard', 'StringLike', 'a${*}', { 's3:prefix': 'ab' }, false),
  value(
    'an ARN made of two',
    'ArnLike',
    'arn:aws:s3:::${aws:username}/*',
    { ...alice, 's3:prefix': 'arn:aws:s3:::alice/x' },
    true,
  ),
  value('a whole ARN', 'ArnEquals', '${aws:PrincipalArn}', { 'aws:PrincipalArn': ALICE, 's3:prefix': ALICE }, true),
  value('a default', 'StringEquals', "${aws:username, 'nobody'}", { 's3:prefix': 'nobody' }, true),
];

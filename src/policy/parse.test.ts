import { describe, expect, test } from 'vitest';
import { type ErrorFields, isStepupError } from '../errors.ts';
import type { PolicyKind } from './document.ts';
import { parsePolicy } from './parse.ts';
import { readPolicy } from './read.ts';

function flawOf(text: string, kind: PolicyKind): ErrorFields['malformed-policy'] {
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (isStepupError(error, 'malformed-policy')) return error.fields;
    throw error;
  }
  throw new Error('parsed');
}

const SYNTAX = 'MalformedPolicyDocument: Syntax errors in policy.';
const LEGACY = 'MalformedPolicyDocument: The policy failed legacy parsing';
const NO_JSON = 'MalformedPolicyDocument: This policy contains invalid Json';

/** A document whose one statement is laid out over lines, so that columns and lines tell places apart. */
function around(...lines: readonly string[]): string {
  return [
    '{',
    '  "Version": "2012-10-17",',
    '  "Statement": [{',
    ...lines.map((line) => `    ${line}`),
    '  }]',
    '}',
  ].join('\n');
}

const EFFECT = '"Effect": "Allow",';
const ACTION = '"Action": "s3:GetObject",';
const RESOURCE = '"Resource": "*"';

describe('text that is no JSON', () => {
  test.each([
    ['nothing', '', 1, 1, '$'],
    ['white space alone', ' \n ', 2, 2, '$'],
    ['a word', 'This is not a json document', 1, 1, '$'],
    ['a comma too many', '{"Version": "2012-10-17",}', 1, 26, '$'],
    ['a comma too few', '{"Version": "2012-10-17"\n "Statement": []}', 2, 2, '$'],
    ['single quotes', "{'Version': 1}", 1, 2, '$'],
    ['no colon', '{"Version" "2012-10-17"}', 1, 12, '$.Version'],
    ['a string that nothing closes', '{\n"Version": "2012', 2, 12, '$.Version'],
    ['a line break in a string', '{"Version": "2012\n"}', 1, 18, '$.Version'],
    ['the last control character in a string', '{"Version": "\u001f"}', 1, 14, '$.Version'],
    ['an unknown escape', '{"Version": "\\x"}', 1, 14, '$.Version'],
    ['half a Unicode escape', '{"Version": "\\u12"}', 1, 14, '$.Version'],
    ['more after the end', '{}\n{}', 2, 1, '$'],
    ['a closing bracket for a brace', '{"a": [1}', 1, 9, '$.a'],
    ['a number with a leading zero', '{"a": 01}', 1, 8, '$'],
    ['a comment', '{ // no\n}', 1, 3, '$'],
    ['NaN', '{"a": NaN}', 1, 7, '$.a'],
    ['a byte order mark', '\ufeff{}', 1, 1, '$'],
    ['brackets without end', '['.repeat(8000), 1, 34, `$${'[0]'.repeat(33)}`],
  ])('%s', (_what, text, line, column, path) => {
    expect(flawOf(text, 'trust')).toMatchObject({ aws: NO_JSON, line, column, path });
    expect(flawOf(text, 'identity').aws).toBe(SYNTAX);
  });

  test.each([
    ['top level', '{"Version": "2012-10-17",\n "Version": "2012-10-17"}', 2, 2, '$.Version'],
    ['written with an escape', '{"Id": "a", "\\u0049d": "b"}', 1, 13, '$.Id'],
    ['statement', around(EFFECT, EFFECT, ACTION, RESOURCE), 5, 5, '$.Statement[0].Effect'],
    [
      'condition keys',
      around(EFFECT, ACTION, RESOURCE, ', "Condition": {"Bool": {"a:b": "true", "a:b": "false"}}'),
      7,
      45,
      '$.Statement[0].Condition.Bool["a:b"]',
    ],
  ])('a key that stands twice: %s', (_where, text, line, column, path) => {
    expect(flawOf(text, 'trust')).toMatchObject({ aws: SYNTAX, line, column, path });
  });
});

interface Flaw {
  readonly what: string;
  readonly kind?: PolicyKind;
  readonly lines: readonly string[];
  readonly aws: string;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

const malformed = (message: string) => `MalformedPolicyDocument: ${message}`;
const NO_ACTIONS = malformed('Policy statement must contain actions.');
const NO_RESOURCES = malformed('Policy statement must contain resources.');
const PREFACED = malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');

const flaws: readonly Flaw[] = [
  {
    what: 'an unknown element',
    lines: [EFFECT, ACTION, RESOURCE, ', "Extra": 1'],
    aws: SYNTAX,
    path: '$.Statement[0].Extra',
    line: 7,
    column: 7,
  },
  {
    what: 'an element in another case',
    lines: [EFFECT, '"action": "s3:*",', RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].action',
    line: 5,
    column: 5,
  },
  { what: 'no Effect', lines: [ACTION, RESOURCE], aws: SYNTAX, path: '$.Statement[0]', line: 3, column: 17 },
  {
    what: 'an Effect that is none',
    lines: ['"Effect": "Permit",', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Effect',
    line: 4,
    column: 15,
  },
  {
    what: 'an Effect in another case',
    lines: ['"Effect": "allow",', ACTION, RESOURCE],
    aws: LEGACY,
    path: '$.Statement[0].Effect',
    line: 4,
    column: 15,
  },
  {
    what: 'an Effect in a list',
    lines: ['"Effect": ["Allow"],', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Effect',
  },
  {
    what: 'Action beside NotAction',
    lines: [EFFECT, ACTION, '"NotAction": "s3:*",', RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].NotAction',
    line: 6,
    column: 5,
  },
  {
    what: 'Resource beside NotResource',
    lines: [EFFECT, ACTION, '"NotResource": "*",', RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].NotResource',
  },
  { what: 'no Action', lines: [EFFECT, RESOURCE], aws: NO_ACTIONS, path: '$.Statement[0]' },
  {
    what: 'an empty Action',
    lines: [EFFECT, '"Action": [],', RESOURCE],
    aws: NO_ACTIONS,
    path: '$.Statement[0].Action',
  },
  {
    what: 'an Action of another type',
    lines: [EFFECT, '"Action": {},', RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Action',
  },
  {
    what: 'a list in a list',
    lines: [EFFECT, '"Action": ["s3:*", ["s3:*"]],', RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Action[1]',
    line: 5,
    column: 24,
  },
  {
    what: 'an Action without a service',
    lines: [EFFECT, '"Action": "GetObject",', RESOURCE],
    aws: PREFACED,
    path: '$.Statement[0].Action',
  },
  {
    what: 'an empty Action string',
    lines: [EFFECT, '"NotAction": "",', RESOURCE],
    aws: PREFACED,
    path: '$.Statement[0].NotAction',
  },
  {
    what: 'the second Action of a list',
    lines: [EFFECT, '"Action": ["s3:Get*",', '  "GetObject"],', RESOURCE],
    aws: PREFACED,
    path: '$.Statement[0].Action[1]',
    line: 6,
    column: 7,
  },
  {
    what: 'two colons in an Action',
    lines: [EFFECT, '"Action": "s3:List:Bucket",', RESOURCE],
    aws: malformed('Actions/Condition can contain only one colon.'),
    path: '$.Statement[0].Action',
  },
  {
    what: 'a service with a space',
    lines: [EFFECT, '"Action": "a a:ListBucket",', RESOURCE],
    aws: malformed('Vendor a a is not valid'),
    path: '$.Statement[0].Action',
  },
  {
    what: 'a wildcard in the service',
    lines: [EFFECT, '"Action": "s*:Get*",', RESOURCE],
    aws: malformed('Vendor s* is not valid'),
    path: '$.Statement[0].Action',
  },
  { what: 'no Resource', lines: [EFFECT, '"Action": "s3:*"'], aws: NO_RESOURCES, path: '$.Statement[0]' },
  {
    what: 'an empty Resource list',
    lines: [EFFECT, ACTION, '"Resource": []'],
    aws: NO_RESOURCES,
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a Resource that is no ARN',
    lines: [EFFECT, ACTION, '"Resource": "vault"'],
    aws: malformed('Resource vault must be in ARN format or "*".'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'an empty Resource',
    lines: [EFFECT, ACTION, '"Resource": ""'],
    aws: malformed('Resource  must be in ARN format or "*".'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'an unknown partition',
    lines: [EFFECT, ACTION, '"Resource": ["*", "arn:error:s3:::vault"]'],
    aws: malformed('Partition "error" is not valid for resource "arn:error:s3:::vault".'),
    path: '$.Statement[0].Resource[1]',
    line: 6,
    column: 23,
  },
  {
    what: 'an ARN without its first part',
    lines: [EFFECT, ACTION, '"Resource": "aws:s3:::vault"'],
    aws: malformed('Partition "s3" is not valid for resource "arn:s3:::vault:*".'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a short ARN of no partition',
    lines: [EFFECT, ACTION, '"Resource": "a:b:cadfsdf"'],
    aws: malformed('Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*".'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'an ARN without a service',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws"'],
    aws: malformed('Resource vendor must be fully qualified and cannot contain regexes.'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a wildcard for the service',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws:*:::vault"'],
    aws: malformed('Resource vendor must be fully qualified and cannot contain regexes.'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'an ARN with a part missing',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws:s3::vault"'],
    aws: LEGACY,
    path: '$.Statement[0].Resource',
  },
  {
    what: 'an ARN with an empty service',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws::::vault"'],
    aws: LEGACY,
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a region for S3',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws:s3:us-east-1::vault"'],
    aws: malformed('Resource arn:aws:s3:us-east-1::vault can not contain region information.'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a region for IAM',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws:iam:us-east-1::user/x"'],
    aws: malformed('IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information.'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'no resource of IAM',
    lines: [EFFECT, ACTION, '"Resource": "arn:aws:iam:::bucket"'],
    aws: malformed(
      'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
    ),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'a Sid with a space',
    lines: ['"Sid": "not this",', EFFECT, ACTION, RESOURCE],
    aws: malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ),
    path: '$.Statement[0].Sid',
    line: 4,
    column: 12,
  },
  {
    what: 'a Sid that is no string',
    lines: ['"Sid": 7,', EFFECT, ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Sid',
  },
  {
    what: 'a Sid twice',
    lines: ['"Sid": "A",', EFFECT, ACTION, RESOURCE, '}, {', '"Sid": "A",', EFFECT, ACTION, RESOURCE],
    aws: malformed('Statement IDs (SID) in a single policy must be unique.'),
    path: '$.Statement[1].Sid',
    line: 9,
    column: 12,
  },
  {
    what: 'a Principal in an identity policy',
    lines: [EFFECT, '"Principal": "*",', ACTION, RESOURCE],
    aws: malformed('Policy document should not specify a principal.'),
    path: '$.Statement[0].Principal',
    line: 5,
    column: 18,
  },
  {
    what: 'a Principal in an SCP',
    kind: 'scp',
    lines: [EFFECT, '"Principal": "*",', ACTION, RESOURCE],
    aws: malformed('Policy document should not specify a principal.'),
    path: '$.Statement[0].Principal',
  },
  {
    what: 'no Principal in a resource policy',
    kind: 'resource',
    lines: [EFFECT, ACTION, RESOURCE],
    aws: malformed('Missing required field Principal'),
    path: '$.Statement[0]',
  },
  {
    what: 'no Principal in a trust policy',
    kind: 'trust',
    lines: [EFFECT, '"Action": "sts:AssumeRole"'],
    aws: malformed('Missing required field Principal'),
    path: '$.Statement[0]',
  },
  {
    what: 'a Resource in a trust policy',
    kind: 'trust',
    lines: [EFFECT, '"Principal": "*", "Action": "sts:AssumeRole",', RESOURCE],
    aws: malformed('Has prohibited field Resource'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'another service in a trust policy',
    kind: 'trust',
    lines: [EFFECT, '"Principal": "*", "Action": "s3:*"'],
    aws: malformed('AssumeRole policy may only specify STS AssumeRole actions.'),
    path: '$.Statement[0].Action',
  },
  {
    what: 'NotPrincipal in a trust policy',
    kind: 'trust',
    lines: ['"Effect": "Deny",', '"NotPrincipal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"'],
    aws: malformed('Has prohibited field NotPrincipal'),
    path: '$.Statement[0].NotPrincipal',
  },
  {
    what: 'NotPrincipal with Allow',
    kind: 'resource',
    lines: [EFFECT, '"NotPrincipal": {"AWS": "111111111111"},', ACTION, RESOURCE],
    aws: malformed('Has prohibited field NotPrincipal'),
    path: '$.Statement[0].NotPrincipal',
  },
  {
    what: 'NotPrincipal in an RCP',
    kind: 'rcp',
    lines: ['"Effect": "Deny",', '"NotPrincipal": "*",', ACTION, RESOURCE],
    aws: malformed('Has prohibited field NotPrincipal'),
    path: '$.Statement[0].NotPrincipal',
  },
  {
    what: 'a Principal that is an ARN by itself',
    kind: 'resource',
    lines: [EFFECT, '"Principal": "arn:aws:iam::111111111111:root",', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Principal',
  },
  {
    what: 'an unknown type of Principal',
    kind: 'resource',
    lines: [EFFECT, '"Principal": {"aws": "*"},', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Principal.aws',
    line: 5,
    column: 19,
  },
  {
    what: 'a Principal of nobody',
    kind: 'resource',
    lines: [EFFECT, '"Principal": {"AWS": []},', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Principal',
  },
  {
    what: 'a Principal in a list',
    kind: 'resource',
    lines: [EFFECT, '"Principal": ["*"],', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Principal',
  },
  {
    what: 'a number as Principal',
    kind: 'resource',
    lines: [EFFECT, '"Principal": {"AWS": 111111111111},', ACTION, RESOURCE],
    aws: SYNTAX,
    path: '$.Statement[0].Principal.AWS',
  },
  {
    what: 'an unknown operator',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"StringMatches": {"a:b": "c"}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.StringMatches',
    line: 7,
    column: 21,
  },
  {
    what: 'a qualifier with two colons',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"ForAnyValue::StringEquals": {"a:b": "c"}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition["ForAnyValue::StringEquals"]',
  },
  {
    what: 'Null with IfExists',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"NullIfExists": {"a:b": "true"}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.NullIfExists',
  },
  {
    what: 'an operator twice, in another case',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"Bool": {"a:b": "true"}, "bool": {"a:c": "true"}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.bool',
  },
  {
    what: 'a Condition in a list',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": [{"Bool": {"a:b": "true"}}]'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition',
  },
  {
    what: 'an operator on no key',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"Bool": "true"}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.Bool',
  },
  {
    what: 'a value that is an object',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"Bool": {"aws:SecureTransport": ["true", {}]}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.Bool["aws:SecureTransport"][1]',
    line: 7,
    column: 62,
  },
  {
    what: 'a value that is null',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"Bool": {"a:b": null}}'],
    aws: SYNTAX,
    path: '$.Statement[0].Condition.Bool["a:b"]',
  },
  {
    what: 'a date that is none',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"DateGreaterThan": {"a:b": "sdfdsf"}}'],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateGreaterThan["a:b"]',
  },
  {
    what: 'a month that is none',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThanEquals": {"a:b": "234-13"}}'],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateLessThanEquals["a:b"]',
  },
  {
    what: 'an offset of one digit',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThan": {"a:b": "2016-12-13t2:00:00.593194+1"}}'],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateLessThan["a:b"]',
  },
  {
    what: 'ten decimals',
    lines: [
      EFFECT,
      ACTION,
      RESOURCE,
      ', "Condition": {"DateLessThan": {"a:b": "2016-12-13t2:00:00.1999999999+10:59"}}',
    ],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateLessThan["a:b"]',
  },
  {
    what: 'more seconds than 64 bits hold',
    lines: [EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThan": {"a:b": "9223372036854775808"}}'],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateLessThan["a:b"]',
  },
  // Of two flaws, the one that IAM names.
  {
    what: 'Effect before Sid',
    lines: ['"Sid": "A",', '"Effect": "aLLow",', ACTION, RESOURCE, '}, {', '"Sid": "A",', EFFECT, RESOURCE],
    aws: LEGACY,
    path: '$.Statement[0].Effect',
  },
  {
    what: 'Sid before Action',
    lines: ['"Sid": "A",', EFFECT, ACTION, RESOURCE, '}, {', '"Sid": "A",', '"Effect": "Allow"'],
    aws: malformed('Statement IDs (SID) in a single policy must be unique.'),
    path: '$.Statement[1].Sid',
  },
  {
    what: 'a broken ARN before a missing Action',
    lines: [EFFECT, '"Resource": "arn:aws:s3::vault"'],
    aws: LEGACY,
    path: '$.Statement[0].Resource',
  },
  {
    what: 'Resource before Action',
    lines: [EFFECT, '"Action": "s:3:ListBucket",', '"Resource": "vault"'],
    aws: malformed('Resource vault must be in ARN format or "*".'),
    path: '$.Statement[0].Resource',
  },
  {
    what: 'Action before a missing Resource',
    lines: [EFFECT, '"Action": "invalid"'],
    aws: PREFACED,
    path: '$.Statement[0].Action',
  },
  {
    what: 'a date before a partition',
    lines: [EFFECT, ACTION, '"Resource": "arn:error:s3:::vault",', '"Condition": {"DateGreaterThan": {"a": "sdfdsf"}}'],
    aws: LEGACY,
    path: '$.Statement[0].Condition.DateGreaterThan.a',
  },
];

describe('statements that IAM refuses', () => {
  test.each(flaws)('$what', ({ kind = 'identity', lines, what: _what, ...expected }) => {
    const flaw = flawOf(around(...lines), kind);
    expect(flaw).toMatchObject(expected);
    expect(flaw.line).toBeGreaterThan(1);
    expect(flaw.column).toBeGreaterThan(1);
    const bare = { aws: expected.aws, path: expected.path, problem: flaw.problem };
    expect(() => readPolicy(JSON.parse(around(...lines)), kind)).toThrow(
      expect.objectContaining({ code: 'malformed-policy', fields: bare }),
    );
  });
});

describe('documents that IAM refuses', () => {
  test.each([
    ['a list', '[]', '$'],
    ['a string', '"policy"', '$'],
    ['null', 'null', '$'],
    ['no Statement', '{"Version": "2012-10-17"}', '$'],
    ['an empty Statement', '{"Version": "2012-10-17", "Statement": []}', '$.Statement'],
    ['a Statement of strings', '{"Version": "2012-10-17", "Statement": ["afd"]}', '$.Statement[0]'],
    ['a Statement that is a string', '{"Statement": "afd"}', '$.Statement'],
    ['a version of no year', '{"Version": "2013-10-17", "Statement": []}', '$.Version'],
    ['a version that is no string', '{"Version": 2012, "Statement": []}', '$.Version'],
    ['an Id that is no string', '{"Id": [], "Statement": []}', '$.Id'],
    ['an unknown element', '{"Version": "2012-10-17", "Statement": [], "Extra field": 1}', '$["Extra field"]'],
    ['a key of every object', '{"__proto__": {}, "Statement": []}', '$.__proto__'],
  ])('%s', (_what, text, path) => {
    expect(flawOf(text, 'identity')).toMatchObject({ aws: SYNTAX, path, line: 1 });
  });

  test('white space is not counted against the size', () => {
    const spaces = ' '.repeat(50_000);
    const trust = `{"Statement":${spaces}{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`;
    expect(parsePolicy(trust, 'trust').statements).toHaveLength(1);
    const ofSize = (size: number): string => {
      const rest = trust.replaceAll(' ', '').length + '"Sid":"",'.length;
      return trust.replace('"Effect"', `"Sid":"${'x'.repeat(size - rest)}","Effect"`);
    };
    expect(parsePolicy(ofSize(8192), 'trust').statements).toHaveLength(1);
    expect(flawOf(ofSize(8193), 'trust')).toMatchObject({
      aws: 'LimitExceeded: Cannot exceed quota for ACLSizePerRole: 8192',
    });
  });

  test('an empty Sid is none, and may stand twice', () => {
    const statement = { Sid: '', Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const twice = JSON.stringify({ Statement: [statement, statement] });
    expect(parsePolicy(twice, 'identity').statements).toHaveLength(2);
  });
});

describe('documents that IAM takes', () => {
  test.each([
    ['one statement, no list', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
    ['an odd action', around(EFFECT, '"Action": "iam: asdf safdsf af ",', RESOURCE)],
    ['a long service', around(EFFECT, '"Action": "aaaaaadsfdsafsadfsadfaaaaa:ListBucket",', RESOURCE)],
    ['a service with a dot', around(EFFECT, '"Action": "s3.s:ListBucket",', RESOURCE)],
    ['every action of every service', around(EFFECT, '"Action": "*:*",', RESOURCE)],
    ['an Id', '{"Id":"x","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
    [
      'an empty Sid twice',
      around('"Sid": "",', EFFECT, ACTION, RESOURCE, '}, {', '"Sid": "",', EFFECT, ACTION, RESOURCE),
    ],
    ['an unknown service', around(EFFECT, ACTION, '"Resource": "arn:aws:s33:::vault"')],
    ['a short ARN', around(EFFECT, ACTION, '"Resource": "arn:aws:fdsasf"')],
    [
      'any partition',
      around(EFFECT, ACTION, '"Resource": ["arn:*:s3:::vault", "arn:aws-us-gov:s3:::v", "arn:aws-iso-b:s3:::v"]'),
    ],
    ['all of an account’s S3', around(EFFECT, ACTION, '"Resource": "arn:aws:s3:eu-west-1:111111111111:accesspoint/x"')],
    ['all of IAM', around(EFFECT, ACTION, '"Resource": "arn:aws:iam::111111111111:*"')],
    ['a user of IAM', around(EFFECT, ACTION, '"Resource": "arn:aws:iam:::user/vault"')],
    ['the rest after a star', around(EFFECT, ACTION, '"Resource": "arn:aws:s3*"')],
    ['an empty Condition', around(EFFECT, ACTION, RESOURCE, ', "Condition": {}')],
    ['an unknown operator on nothing', around(EFFECT, ACTION, RESOURCE, ', "Condition": {"a": {}, "b": {}}')],
    ['a year and a T', around(EFFECT, ACTION, RESOURCE, ', "Condition": {"DateGreaterThan": {"a": "01T"}}')],
    ['a very old date', around(EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThan": {"a": "-292275054"}}')],
    [
      'an hour of one digit',
      around(EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThan": {"a": "2016-12-13t2:00:00.593194+23"}}'),
    ],
    ['an empty list of dates', around(EFFECT, ACTION, RESOURCE, ', "Condition": {"DateLessThan": {"a": []}}')],
  ])('%s', (_what, text) => {
    expect(parsePolicy(text, 'identity').statements.length).toBeGreaterThan(0);
  });

  test('every element, with its place', () => {
    const text = [
      '{ "Id": "doc", "Version": "2012-10-17",',
      '  "Statement": [',
      '    { "Sid": "Gate 1", "Effect": "Deny",',
      '      "NotPrincipal": { "AWS": ["*", "111111111111"], "Service": "x.amazonaws.com" },',
      '      "NotAction": "sts:*", "NotResource": ["a", "b"],',
      '      "Condition": { "forAnyValue:numericlessthanIFEXISTS": { "aws:X": [1, 2.5, true, "\\u0041"] } } } ] }',
    ].join('\n');
    expect(parsePolicy(text, 'resource')).toEqual({
      kind: 'resource',
      version: '2012-10-17',
      id: 'doc',
      statements: [
        {
          index: 0,
          sid: 'Gate 1',
          effect: 'Deny',
          principal: {
            negated: true,
            everyone: true,
            values: [
              { type: 'AWS', value: '*' },
              { type: 'AWS', value: '111111111111' },
              { type: 'Service', value: 'x.amazonaws.com' },
            ],
            location: { path: '$.Statement[0].NotPrincipal', line: 4, column: 23 },
          },
          action: {
            negated: true,
            values: ['sts:*'],
            location: { path: '$.Statement[0].NotAction', line: 5, column: 20 },
          },
          resource: {
            negated: true,
            values: ['a', 'b'],
            location: { path: '$.Statement[0].NotResource', line: 5, column: 44 },
          },
          conditions: [
            {
              operator: 'NumericLessThan',
              ifExists: true,
              qualifier: 'ForAnyValue',
              key: 'aws:X',
              values: ['1', '2.5', 'true', 'A'],
              location: {
                path: '$.Statement[0].Condition["forAnyValue:numericlessthanIFEXISTS"]["aws:X"]',
                line: 6,
                column: 72,
              },
            },
          ],
          location: { path: '$.Statement[0]', line: 3, column: 5 },
        },
      ],
    });
  });

  test('without a Version it is the older one', () => {
    expect(readPolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'identity').version).toBe(
      '2008-10-17',
    );
  });

  test('what is read is not the caller’s: a list that changes later changes nothing', () => {
    const actions = ['s3:GetObject'];
    const document = readPolicy({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }, 'identity');
    actions.push('iam:*');
    expect(document.statements[0]?.action.values).toEqual(['s3:GetObject']);
  });
});

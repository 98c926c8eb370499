/**
 * What generated policies and requests are made of. The pools are small on purpose: a statement and a request drawn
 * independently must meet often enough for every verdict to occur.
 */

export const ACCOUNT = '111111111111';
const OTHER_ACCOUNT = '222222222222';

/** An action, resources it can be asked for (each with the account that owns it), and keys only it knows. */
export interface ActionWords {
  readonly action: string;
  readonly resources: readonly { readonly arn: string; readonly account: string }[];
  /** `Action` patterns that are near it. */
  readonly patterns: readonly string[];
  readonly resourcePatterns: readonly string[];
  readonly keys: readonly ConditionKeyWords[];
}

export type ValueFamily = 'string' | 'bool' | 'number' | 'date' | 'ip' | 'arn' | 'binary';

export interface ConditionKeyWords {
  readonly key: string;
  readonly family: ValueFamily;
  readonly multiValued: boolean;
  /** Values that a request may carry. */
  readonly values: readonly string[];
}

const TEAM_KEY: ConditionKeyWords = {
  key: 'aws:PrincipalTag/team',
  family: 'string',
  multiValued: false,
  values: ['red', 'Red', 'blue', 'red*', ''],
};

/** Global keys: every request may carry them. */
export const GLOBAL_KEYS: readonly ConditionKeyWords[] = [
  { key: 'aws:MultiFactorAuthPresent', family: 'bool', multiValued: false, values: ['true', 'false'] },
  {
    key: 'aws:MultiFactorAuthAge',
    family: 'number',
    multiValued: false,
    values: ['0', '299', '300', '301', '3600', '300.5'],
  },
  { key: 'aws:SecureTransport', family: 'bool', multiValued: false, values: ['true', 'false'] },
  {
    key: 'aws:SourceIp',
    family: 'ip',
    multiValued: false,
    values: ['203.0.113.7', '203.0.113.128', '198.51.100.1', '2001:db8::1', '2001:db8:1::1'],
  },
  {
    key: 'aws:CurrentTime',
    family: 'date',
    multiValued: false,
    values: ['2024-05-01T00:00:00Z', '2024-05-01T12:00:00Z', '2025-01-01T00:00:00Z'],
  },
  { key: 'aws:username', family: 'string', multiValued: false, values: ['alice', 'Alice', 'bob'] },
  { key: 'aws:PrincipalOrgID', family: 'string', multiValued: false, values: ['o-abc', 'o-xyz'] },
  TEAM_KEY,
  {
    key: 'aws:SourceArn',
    family: 'arn',
    multiValued: false,
    values: [
      'arn:aws:sns:eu-west-1:111111111111:topic',
      'arn:aws:sns:us-east-1:111111111111:topic/sub',
      'arn:aws:s3:::bucket/key',
    ],
  },
  {
    key: 'aws:TagKeys',
    family: 'string',
    multiValued: true,
    values: ['team', 'Team', 'cost', 'owner', ''],
  },
  {
    key: 'aws:PrincipalOrgPaths',
    family: 'string',
    multiValued: true,
    values: ['o-abc/r-1/ou-1/', 'o-abc/r-1/ou-2/', 'o-xyz/r-9/ou-9/'],
  },
  {
    key: 'aws:CalledVia',
    family: 'string',
    multiValued: true,
    values: ['athena.amazonaws.com', 'cloudformation.amazonaws.com'],
  },
];

export const ACTIONS: readonly ActionWords[] = [
  {
    action: 's3:GetObject',
    resources: [
      { arn: 'arn:aws:s3:::bucket/key', account: ACCOUNT },
      { arn: 'arn:aws:s3:::bucket/alice/deep/key', account: ACCOUNT },
      { arn: 'arn:aws:s3:::bucket/Key', account: ACCOUNT },
      { arn: 'arn:aws:s3:::theirs/key', account: OTHER_ACCOUNT },
      { arn: 'arn:aws:s3:::bucket/redder', account: ACCOUNT },
    ],
    patterns: ['*', 's3:*', 's3:Get*', 'S3:getobject', 's3:Get?bject', 's3:PutObject', 's3:GetObject*', 'iam:*'],
    resourcePatterns: [
      '*',
      'arn:aws:s3:::*',
      'arn:aws:s3:::bucket/*',
      'arn:aws:s3:::bucket/k?y',
      'arn:aws:s3:::bucket/KEY',
      'arn:aws:s3:::theirs/*',
      'arn:aws:s3:::bucket/${aws:username}/*',
      'arn:aws:s3:::bucket/${aws:PrincipalTag/team}*',
      "arn:aws:s3:::bucket/${aws:username, 'alice'}/*",
      'arn:aws:s3:::bucket/red${*}',
      'arn:aws:s3:::b*t/*y',
      'arn:aws:sqs:*:*:*',
    ],
    keys: [],
  },
  {
    action: 's3:ListBucket',
    resources: [
      { arn: 'arn:aws:s3:::bucket', account: ACCOUNT },
      { arn: 'arn:aws:s3:::theirs', account: OTHER_ACCOUNT },
    ],
    patterns: ['*', 's3:List*', 's3:ListBucket', 's3:*Bucket', 's3:GetObject'],
    resourcePatterns: [
      '*',
      'arn:aws:s3:::bucket',
      'arn:aws:s3:::buck*',
      'arn:aws:s3:::theirs',
      'arn:aws:s3:::${aws:username}',
    ],
    keys: [
      { key: 's3:prefix', family: 'string', multiValued: false, values: ['', 'alice/', 'bob/', 'alice/deep/'] },
      { key: 's3:max-keys', family: 'number', multiValued: false, values: ['10', '100', '1000'] },
    ],
  },
  {
    action: 'iam:GetUser',
    resources: [
      { arn: 'arn:aws:iam::111111111111:user/alice', account: ACCOUNT },
      { arn: 'arn:aws:iam::111111111111:user/team/bob', account: ACCOUNT },
    ],
    patterns: ['*', 'iam:*', 'iam:Get*', 'IAM:GETUSER', 'iam:*User', 'iam:GetRole', 'sts:*'],
    resourcePatterns: [
      '*',
      'arn:aws:iam::*:user/*',
      'arn:aws:iam::111111111111:user/${aws:username}',
      'arn:aws:iam::111111111111:user/alice',
      'arn:aws:iam::222222222222:*',
      'arn:aws:iam::111111111111:user/team/*',
      'arn:*:iam::*:*',
    ],
    keys: [],
  },
  {
    action: 'sqs:SendMessage',
    resources: [
      { arn: 'arn:aws:sqs:eu-west-1:111111111111:queue', account: ACCOUNT },
      { arn: 'arn:aws:sqs:eu-west-1:222222222222:queue', account: OTHER_ACCOUNT },
    ],
    patterns: ['*', 'sqs:*', 'sqs:SendMessage', 'sqs:Send*', 'sqs:ReceiveMessage', 'SQS:*Message'],
    resourcePatterns: [
      '*',
      'arn:aws:sqs:eu-west-1:111111111111:queue',
      'arn:aws:sqs:*:222222222222:*',
      'arn:aws:sqs:eu-*:*:queue',
      'arn:aws:sqs:us-*:*:queue',
      'arn:aws:sqs:*',
    ],
    keys: [],
  },
];

/** A service whose resources must allow for themselves. */
export const DECRYPT: ActionWords = {
  action: 'kms:Decrypt',
  resources: [
    { arn: 'arn:aws:kms:eu-west-1:111111111111:key/1234', account: ACCOUNT },
    { arn: 'arn:aws:kms:eu-west-1:222222222222:key/1234', account: OTHER_ACCOUNT },
  ],
  patterns: ['*', 'kms:*', 'kms:Decrypt', 'kms:De*', 'kms:Encrypt'],
  resourcePatterns: ['*', 'arn:aws:kms:*:111111111111:key/*', 'arn:aws:kms:eu-west-1:222222222222:key/1234'],
  keys: [],
};

/** Roles to assume. */
export const ASSUME_ROLE: ActionWords = {
  action: 'sts:AssumeRole',
  resources: [
    { arn: 'arn:aws:iam::111111111111:role/admin', account: ACCOUNT },
    { arn: 'arn:aws:iam::222222222222:role/path/theirs', account: OTHER_ACCOUNT },
  ],
  patterns: ['sts:AssumeRole', 'sts:*', 'sts:assumerole', 'sts:Assume*', 'sts:TagSession'],
  resourcePatterns: [
    '*',
    'arn:aws:iam::111111111111:role/admin',
    'arn:aws:iam::*:role/*',
    'arn:aws:iam::222222222222:role/path/*',
    'arn:aws:iam::111111111111:role/Admin',
  ],
  keys: [
    { key: 'sts:ExternalId', family: 'string', multiValued: false, values: ['one', 'two'] },
    { key: 'sts:RoleSessionName', family: 'string', multiValued: false, values: ['alice', 'bob'] },
  ],
};

/** Who may ask, and what each may be called in a Principal. */
export const PRINCIPALS = {
  user: 'arn:aws:iam::111111111111:user/alice',
  userWithPath: 'arn:aws:iam::111111111111:user/team/bob',
  foreignUser: 'arn:aws:iam::222222222222:user/alice',
  roleSession: 'arn:aws:sts::111111111111:assumed-role/worker/session',
  foreignRoleSession: 'arn:aws:sts::222222222222:assumed-role/worker/session',
  root: 'arn:aws:iam::111111111111:root',
  federatedUser: 'arn:aws:sts::111111111111:federated-user/carol',
  service: 'lambda.amazonaws.com',
} as const;

export const PRINCIPAL_ELEMENTS: readonly (string | Readonly<Record<string, string | readonly string[]>>)[] = [
  '*',
  { AWS: '*' },
  { AWS: '111111111111' },
  { AWS: 'arn:aws:iam::111111111111:root' },
  { AWS: 'arn:aws:iam::222222222222:root' },
  { AWS: 'arn:aws:iam::111111111111:user/alice' },
  { AWS: 'arn:aws:iam::111111111111:user/Alice' },
  { AWS: ['arn:aws:iam::111111111111:user/team/bob', 'arn:aws:iam::222222222222:user/alice'] },
  { AWS: 'arn:aws:iam::111111111111:role/worker' },
  { AWS: 'arn:aws:sts::111111111111:assumed-role/worker/session' },
  { AWS: 'arn:aws:sts::111111111111:assumed-role/worker/other' },
  { AWS: 'arn:aws:sts::111111111111:federated-user/carol' },
  { AWS: ['222222222222', 'arn:aws:iam::111111111111:user/alice'] },
  { Service: 'lambda.amazonaws.com' },
  { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], AWS: 'arn:aws:iam::111111111111:user/alice' },
];

/** Values in a policy's condition, by family: what requests carry, near misses, wildcards, variables. */
export const CONDITION_VALUES: Readonly<Record<ValueFamily, readonly string[]>> = {
  string: [
    'red',
    'RED',
    'r?d',
    'red*',
    'red${*}',
    '*',
    'alice',
    'Alice',
    'a*e',
    'alice/*',
    'team',
    'te*',
    'o-abc',
    'o-abc/r-1/*',
    'athena.amazonaws.com',
    'one',
    '',
    '${aws:username}',
    "${aws:username, 'red'}",
    '${aws:username}/*',
    '${aws:PrincipalTag/team}',
  ],
  bool: ['true', 'false', 'True'],
  number: ['300', '0', '3600', '299.5', '300.0', '100'],
  date: ['2024-05-01T00:00:00Z', '2024-05-01T12:00:00Z', '1714564800', '2024-05-01', '2030-01-01T00:00:00Z'],
  ip: [
    '203.0.113.0/24',
    '203.0.113.7',
    '203.0.113.0/25',
    '2001:db8::/32',
    '2001:db8::1',
    '0.0.0.0/0',
    '198.51.100.1/32',
  ],
  arn: [
    'arn:aws:sns:eu-west-1:111111111111:topic',
    'arn:aws:sns:*:111111111111:topic*',
    'arn:aws:sns:*:*:*',
    'arn:aws:s3:::bucket/*',
    'arn:aws:s?s:eu-west-1:111111111111:topic',
    'arn:*:sns:*:*:topic/${aws:username}',
  ],
  binary: ['cmVk', 'Ymx1ZQ=='],
};

export const OPERATORS: Readonly<Record<ValueFamily, readonly string[]>> = {
  string: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  bool: ['Bool'],
  number: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  date: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  ip: ['IpAddress', 'NotIpAddress'],
  arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
  binary: ['BinaryEquals'],
};

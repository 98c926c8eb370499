import { describe, expect, test } from 'vitest';
import { decide } from '../decide.ts';
import type { PolicyKind } from '../document.ts';
import { preparePolicy } from '../prepare.ts';
import { readPolicy } from '../read.ts';
import type { PolicySet, Principal } from '../request.ts';
import { policyAllowsWithoutMfa } from './one-policy.ts';
import { allowsWithoutMfa, type MfaAnswer, type MfaQuestion } from './without-mfa.ts';

type Json = Readonly<Record<string, unknown>>;

const ACCOUNT = '123456789012';
const alice: Principal = { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/alice`, accountId: ACCOUNT };
const session: Principal = {
  type: 'role-session',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/s`,
  accountId: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/worker`,
};

const policy = (kind: PolicyKind, ...Statement: readonly Json[]) =>
  preparePolicy(readPolicy({ Version: '2012-10-17', Statement }, kind));

const allow = (Condition?: Json, more: Json = {}): Json => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...(Condition === undefined ? {} : { Condition }),
  ...more,
});
const deny = (Condition?: Json, more: Json = {}): Json => ({ ...allow(Condition, more), Effect: 'Deny' });

const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';

const startInstance = {
  action: 'ec2:StartInstances',
  resource: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`,
};

function ask(policies: PolicySet, more: Partial<MfaQuestion> = {}): MfaAnswer {
  const question: MfaQuestion = { principal: alice, ...startInstance, policies, ...more };
  const answer = allowsWithoutMfa(question);
  // Whatever is asked below: a "yes" must stand up.
  if (answer.answer === 'yes') {
    expect(decide({ ...question, context: answer.context }, policies).verdict).toBe('allowed');
    expect(answer.context.get(PRESENT.toLowerCase()) ?? ['false']).toEqual(['false']);
    expect(answer.context.has(AGE.toLowerCase())).toBe(false);
  }
  return answer;
}

const identity = (...statements: readonly Json[]): PolicySet => ({ identity: [policy('identity', ...statements)] });

const OUTCOME = {
  closed: 'no',
  'open to a long-term key': 'long-term key',
  'open to a session without MFA': 'session without MFA',
} as const;

/** Each row: the statements of alice's one policy, what comes of them, and the rule (IAM User Guide unless said). */
const table: readonly (readonly [string, readonly Json[], keyof typeof OUTCOME, string])[] = [
  ['no condition at all', [allow()], 'open to a long-term key', 'nothing asks for MFA'],
  ['Allow Bool Present true', [allow({ Bool: { [PRESENT]: 'true' } })], 'closed', 'an absent key does not match'],
  [
    'Allow BoolIfExists Present true',
    [allow({ BoolIfExists: { [PRESENT]: 'true' } })],
    'open to a long-term key',
    '…IfExists: an absent key matches: the classic hole',
  ],
  [
    'Allow StringEquals Present true',
    [allow({ StringEquals: { [PRESENT]: 'true' } })],
    'closed',
    'a Boolean compares as a string',
  ],
  [
    'Allow StringNotEquals Present false',
    [allow({ StringNotEquals: { [PRESENT]: 'false' } })],
    'open to a long-term key',
    'a negated operator matches an absent key',
  ],
  [
    'Allow Null Present false',
    [allow({ Null: { [PRESENT]: 'false' } })],
    'open to a session without MFA',
    'Null asks whether the key is there; it is, and says false',
  ],
  [
    'Allow Null Present false and Bool true',
    [allow({ Null: { [PRESENT]: 'false' }, Bool: { [PRESENT]: 'true' } })],
    'closed',
    'all operators of a block must match',
  ],
  ['Allow Null Age false', [allow({ Null: { [AGE]: 'false' } })], 'closed', 'Age is there only after a code'],
  [
    'Allow Null Age true',
    [allow({ Null: { [AGE]: 'true' } })],
    'open to a long-term key',
    'Age is absent without a code',
  ],
  [
    'Allow NumericLessThan Age',
    [allow({ NumericLessThan: { [AGE]: '300' } })],
    'closed',
    'an absent key does not match: the gate holds even without Present',
  ],
  [
    'Allow NumericLessThanIfExists Age',
    [allow({ NumericLessThanIfExists: { [AGE]: '300' } })],
    'open to a long-term key',
    '…IfExists: an absent key matches',
  ],
  [
    'Allow NumericNotEquals Age',
    [allow({ NumericNotEquals: { [AGE]: '0' } })],
    'open to a long-term key',
    'a negated operator matches an absent key',
  ],
  [
    'Allow Bool true and NumericLessThan Age: the gate of the pattern',
    [allow({ Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: '43200' } })],
    'closed',
    'both must match',
  ],
  [
    'Allow ForAllValues:Bool Present true',
    [allow({ 'ForAllValues:Bool': { [PRESENT]: 'true' } })],
    'open to a long-term key',
    'ForAllValues is true on an absent key',
  ],
  [
    'Allow ForAnyValue:Bool Present true',
    [allow({ 'ForAnyValue:Bool': { [PRESENT]: 'true' } })],
    'closed',
    'ForAnyValue is false on an absent key',
  ],
  [
    'Allow ForAnyValue:BoolIfExists Present true',
    [allow({ 'ForAnyValue:BoolIfExists': { [PRESENT]: 'true' } })],
    'open to a long-term key',
    '…IfExists: an absent key matches',
  ],
  [
    'Allow Bool Present [true, false]',
    [allow({ Bool: { [PRESENT]: ['true', 'false'] } })],
    'open to a session without MFA',
    'values are ORed',
  ],
  [
    'Deny Bool Present false',
    [allow(), deny({ Bool: { [PRESENT]: 'false' } })],
    'open to a long-term key',
    'the Deny misses the absent key',
  ],
  [
    'Deny BoolIfExists Present false',
    [allow(), deny({ BoolIfExists: { [PRESENT]: 'false' } })],
    'closed',
    'the Deny catches the absent key',
  ],
  [
    'Deny Bool Present true (the wrong way round)',
    [allow(), deny({ Bool: { [PRESENT]: 'true' } })],
    'open to a long-term key',
    'it denies only those with MFA',
  ],
  [
    'Deny StringNotEquals Present true',
    [allow(), deny({ StringNotEquals: { [PRESENT]: 'true' } })],
    'closed',
    'a negated operator matches an absent key, in a Deny as well',
  ],
  [
    'Deny Null Present true',
    [allow(), deny({ Null: { [PRESENT]: 'true' } })],
    'open to a session without MFA',
    'it denies only where the key is absent',
  ],
  [
    'Deny Null Present true and Deny Bool false',
    [allow(), deny({ Null: { [PRESENT]: 'true' } }), deny({ Bool: { [PRESENT]: 'false' } })],
    'closed',
    'one for the absent key, one for false',
  ],
  [
    'Deny NumericGreaterThan Age',
    [allow(), deny({ NumericGreaterThan: { [AGE]: '3600' } })],
    'open to a long-term key',
    'the Deny misses the absent key',
  ],
  [
    'Deny NumericGreaterThanIfExists Age',
    [allow(), deny({ NumericGreaterThanIfExists: { [AGE]: '3600' } })],
    'closed',
    'the Deny catches the absent key',
  ],
  [
    'Deny BoolIfExists Present false, but NotAction leaves this one out',
    [
      allow(),
      deny({ BoolIfExists: { [PRESENT]: 'false' } }, { Action: undefined, NotAction: ['ec2:Start*', 'sts:*'] }),
    ],
    'open to a long-term key',
    'what NotAction lists is not denied',
  ],
  [
    'Deny BoolIfExists Present false, NotAction for self-service only',
    [
      allow(),
      deny({ BoolIfExists: { [PRESENT]: 'false' } }, { Action: undefined, NotAction: ['iam:EnableMFADevice'] }),
    ],
    'closed',
    'everything but the listed is denied',
  ],
  [
    'Deny BoolIfExists false and ViaAWSService false',
    [allow(), deny({ BoolIfExists: { [PRESENT]: 'false' }, Bool: { 'aws:ViaAWSService': 'false' } })],
    'open to a long-term key',
    'a Deny needs all its conditions: a call through a service escapes',
  ],
  [
    'Deny BoolIfExists false on other resources',
    [allow(), deny({ BoolIfExists: { [PRESENT]: 'false' } }, { Resource: 'arn:aws:s3:::*' })],
    'open to a long-term key',
    'the Deny is about S3',
  ],
  [
    'Allow with MFA, and another Allow without',
    [allow({ Bool: { [PRESENT]: 'true' } }), allow(undefined, { Action: 'ec2:Start*' })],
    'open to a long-term key',
    'one Allow is enough',
  ],
  ['Allow for another action', [allow(undefined, { Action: 's3:*' })], 'closed', 'nothing allows it'],
  [
    'Present under version 2008 reads the same',
    [allow({ Bool: { 'AWS:MULTIFACTORAUTHPRESENT': 'true' } })],
    'closed',
    'condition keys are compared without regard to case',
  ],
  [
    'Allow Bool Present ${aws:PrincipalTag/mfa}',
    [allow({ StringEqualsIfExists: { [PRESENT]: '${aws:PrincipalTag/mfa}' } })],
    'open to a long-term key',
    'a variable in the value changes nothing for an absent key',
  ],
];

describe('holes in MFA conditions', () => {
  test.each(table)('%s', (_, statements, outcome) => {
    const written = statements.map((each) => JSON.parse(JSON.stringify(each)) as Json);
    const answer = ask(identity(...written));
    expect(answer.answer === 'yes' ? answer.credential : answer.answer).toBe(OUTCOME[outcome]);
  });
});

const trust = (Condition?: Json, AWS: string = ACCOUNT): Json => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'sts:AssumeRole',
  ...(Condition === undefined ? {} : { Condition }),
});
const assume = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/admin` };

describe('one policy by itself', () => {
  test('a trust policy with the gate is closed, whatever the identity policies allow', () => {
    const gate = policy('trust', trust({ Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: '3600' } }));
    expect(policyAllowsWithoutMfa(gate, { principal: alice, ...assume }).answer).toBe('no');
  });

  test.each([
    ['the account', ACCOUNT],
    ['the user', alice.arn],
    ['everybody', '*'],
  ])('a trust policy without it, naming %s, is open', (_, named) => {
    const open = policyAllowsWithoutMfa(policy('trust', trust(undefined, named)), { principal: alice, ...assume });
    expect(open).toMatchObject({ answer: 'yes', credential: 'long-term key', assumptions: [] });
  });

  test('a trust policy that names somebody else is closed to alice', () => {
    const foreign = policy('trust', trust(undefined, `arn:aws:iam::${ACCOUNT}:user/bob`));
    expect(policyAllowsWithoutMfa(foreign, { principal: alice, ...assume }).answer).toBe('no');
  });

  test('a single statement can be asked about', () => {
    const both = policy('trust', trust(), trust({ Bool: { [PRESENT]: 'true' } }));
    const about = (statementIndex: number) =>
      policyAllowsWithoutMfa(both, { principal: alice, ...assume, statementIndex });
    expect(about(0).answer).toBe('yes');
    expect(about(1).answer).toBe('no');
  });

  test('an identity policy that allows sts:AssumeRole without MFA is open, its trust policy taken to delegate', () => {
    const written = policy('identity', allow(undefined, { Action: 'sts:AssumeRole' }));
    expect(policyAllowsWithoutMfa(written, { principal: alice, ...assume }).answer).toBe('yes');
  });

  test.each<[PolicyKind, string]>([
    ['boundary', 'permissions boundary'],
    ['scp', 'service control policy'],
  ])('a %s that asks for MFA closes', (kind, decidedBy) => {
    const guard = policy(kind, allow(), deny({ BoolIfExists: { [PRESENT]: 'false' } }));
    const answer = policyAllowsWithoutMfa(guard, { principal: alice, ...startInstance });
    expect(answer).toMatchObject({ answer: 'no', obstacles: [{ credential: 'long-term key', decidedBy }, {}, {}] });
  });
});

describe('the other side of a "yes"', () => {
  test('conditions on other keys are assumed, and said', () => {
    const answer = ask(
      identity(
        allow({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' }, StringLike: { 'aws:UserAgent': 'aws-cli/*' } }),
        deny({ StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-north-1'] } }),
      ),
    );
    expect(answer).toMatchObject({ answer: 'yes', credential: 'long-term key', statements: [{ statementIndex: 0 }] });
    const assumed = answer.answer === 'yes' ? answer.assumptions : [];
    expect(assumed.map(({ key }) => key).sort()).toEqual(['aws:requestedregion', 'aws:sourceip', 'aws:useragent']);
    expect(assumed.find(({ key }) => key === 'aws:requestedregion')?.readBy).toMatchObject([
      { policyType: 'identity-based policy', statementIndex: 1, effect: 'Deny' },
    ]);
    expect(assumed.find(({ key }) => key === 'aws:sourceip')?.value).toEqual(['203.0.113.1']);
  });

  test('keys that do not matter are not assumed', () => {
    const answer = ask(identity(allow(), allow({ StringEquals: { 'aws:PrincipalTag/team': 'red' } })));
    expect(answer).toMatchObject({ answer: 'yes', assumptions: [] });
  });

  test('what is known is held fixed', () => {
    const policies = identity(allow({ StringEquals: { 'aws:PrincipalTag/team': 'red' } }));
    const team = (value: string) => new Map([['aws:principaltag/team', [value]] as const]);
    expect(ask(policies, { known: team('red') }).answer).toBe('yes');
    expect(ask(policies, { known: team('blue') }).answer).toBe('no');
    expect(ask(policies, { known: new Map([['aws:principaltag/team', 'absent'] as const]) }).answer).toBe('no');
  });

  test('a role session is tried with false and without the keys, never with a long-term key', () => {
    const policies = identity(allow({ Null: { [PRESENT]: 'true' } }));
    expect(ask(policies, { principal: session })).toMatchObject({
      answer: 'yes',
      credential: 'session without MFA keys',
    });
  });

  test('a long-term key has no issue time; a session that has one is found', () => {
    const policies = identity(allow({ DateGreaterThan: { 'aws:TokenIssueTime': '2024-01-01' } }));
    expect(ask(policies)).toMatchObject({ answer: 'yes', credential: 'session without MFA' });
  });
});

describe('contradictions', () => {
  test.each<[string, readonly Json[]]>([
    [
      'two values of one key',
      [allow({ StringEquals: { 'aws:SourceVpc': 'vpc-1' }, StringLike: { 'aws:SourceVpc': 'vpc-2*' } })],
    ],
    [
      'a value inside a network and outside it',
      [allow({ IpAddress: { 'aws:SourceIp': '10.0.0.0/25' }, NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    ],
    [
      'an Allow and a Deny of the same',
      [allow({ StringLike: { 'aws:username': 'a*' } }), deny({ StringLike: { 'aws:username': '*' } })],
    ],
    [
      'a number between two neighbours',
      [allow({ NumericLessThan: { 's3:max-keys': '5' }, NumericGreaterThan: { 's3:max-keys': '5' } })],
    ],
    [
      'a key that must be there and not',
      [allow({ Null: { 'aws:SourceVpc': 'true' }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } })],
    ],
    [
      'all values of a set, and one that is none of them',
      [
        allow({
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] },
          'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a', 'b'] },
        }),
      ],
    ],
    [
      'two patterns without a common string',
      [allow({ StringLike: { 'aws:UserAgent': 'a*b' }, StringNotLike: { 'aws:UserAgent': ['a*', '*b'] } })],
    ],
  ])('%s', (_, statements) => {
    expect(ask(identity(...statements)).answer).toBe('no');
  });

  test('the keys at odds are named', () => {
    const answer = ask(
      identity(
        allow({ StringEquals: { 'aws:SourceVpc': 'vpc-1', 'aws:PrincipalTag/team': 'red' } }),
        deny({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }),
      ),
    );
    expect(answer).toMatchObject({ answer: 'no', obstacles: [{ contradictoryKeys: ['aws:sourcevpc'] }, {}, {}] });
  });

  test('an explicit denial is named', () => {
    const answer = ask(identity(allow(), { ...deny(), Sid: 'Freeze' }));
    expect(answer).toMatchObject({
      answer: 'no',
      obstacles: [{ decidedBy: 'identity-based policy', deniedBy: [{ sid: 'Freeze', statementIndex: 1 }] }, {}, {}],
    });
  });

  test('keys tied by a variable: found where a value is likely, never denied where it is not', () => {
    const tied = (pattern: string) =>
      identity(allow({ StringLike: { 'aws:PrincipalTag/home': pattern }, StringEquals: { 'aws:username': 'ann' } }));
    expect(ask(tied('/home/${aws:username}/*')).answer).toBe('yes');
    const clash = identity(
      allow({ StringEquals: { 'aws:PrincipalTag/home': '${aws:username}' } }),
      deny({ StringLike: { 'aws:username': '*' } }),
      deny({ Null: { 'aws:username': 'true' } }),
    );
    expect(ask(clash).answer).not.toBe('yes');
  });
});

describe('size', () => {
  test('thirty unrelated conditions add up, they do not multiply', () => {
    const conditions = Array.from({ length: 30 }, (_, index) =>
      deny({ StringEquals: { [`aws:PrincipalTag/t${index}`]: ['a', 'b', 'c'] } }),
    );
    const begun = performance.now();
    expect(ask(identity(allow(), ...conditions)).answer).toBe('yes');
    // One that can't be met, beside thirty that can: nothing is tried in all combinations.
    const impossible = deny({ StringLike: { 'aws:username': '*' } });
    const absent = deny({ Null: { 'aws:username': 'true' } });
    expect(ask(identity(allow(), ...conditions, impossible, absent)).answer).toBe('no');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('beyond the bounds it says that it cannot tell', () => {
    // Patterns that overlap in every combination: more classes of strings than are walked.
    const patterns = Array.from({ length: 16 }, (_, index) => `*${String.fromCharCode(97 + index)}*`);
    const conditions = patterns.map((pattern) =>
      allow({ StringLike: { 'aws:UserAgent': pattern }, Bool: { [PRESENT]: 'true' } }),
    );
    const closed = ask(identity(...conditions));
    // MFA closes each of them, so not even an unknown value helps.
    expect(closed.answer).toBe('no');
    // "abcdefghijklmnop" would do, but nothing here finds it.
    const eachOnce = patterns.map((pattern) =>
      deny({ StringNotLike: { 'aws:UserAgent': pattern }, Null: { 'aws:UserAgent': 'false' } }),
    );
    const short = deny({ StringLike: { 'aws:UserAgent': '?????????????????*' } });
    const answer = ask(identity(allow({ Null: { 'aws:UserAgent': 'false' } }), ...eachOnce, short));
    expect(answer).toMatchObject({ answer: 'cannot tell', why: 'values unknown', keys: ['aws:useragent'] });
  });
});

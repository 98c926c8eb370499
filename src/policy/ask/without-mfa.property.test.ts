/** The symbolic question against brute force: every context of a small universe, for generated policies. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../decide.ts';
import type { PolicyKind } from '../document.ts';
import { preparePolicy } from '../prepare.ts';
import { readPolicy } from '../read.ts';
import type { PolicySet, Principal } from '../request.ts';
import { allowsWithoutMfa } from './without-mfa.ts';

type Json = Readonly<Record<string, unknown>>;

const principal: Principal = { type: 'user', arn: 'arn:aws:iam::111111111111:user/ab', accountId: '111111111111' };
const request = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/ab' };

/** What a key may be in the brute-forced contexts, and which operators and values policies read it with. */
interface KeyWords {
  readonly key: string;
  readonly universe: readonly (readonly string[] | undefined)[];
  readonly operators: readonly string[];
  readonly qualifiers: readonly string[];
  readonly values: readonly string[];
}

const TEXT_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
];

const one = (...values: readonly string[]): readonly (readonly string[] | undefined)[] => [
  undefined,
  ...values.map((value) => [value]),
];

const USERNAME: KeyWords = {
  key: 'aws:username',
  universe: one('', 'a', 'b', 'ab', 'A', 'ba'),
  operators: TEXT_OPERATORS,
  qualifiers: ['', '', 'ForAllValues:', 'ForAnyValue:'],
  values: ['a', 'b', 'A', 'a*', '*b', '?', 'ab', '*', ''],
};
const TEAM: KeyWords = { ...USERNAME, key: 'aws:PrincipalTag/team' };
const TAG_KEYS: KeyWords = {
  key: 'aws:TagKeys',
  universe: [undefined, [], [''], ['a'], ['b'], ['c'], ['a', 'b'], ['a', ''], ['c', 'b'], ['a', 'b', 'c']],
  operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'],
  qualifiers: ['ForAllValues:', 'ForAnyValue:'],
  values: ['a', 'b', 'a*', '?', ''],
};
const MAX_KEYS: KeyWords = {
  key: 's3:max-keys',
  universe: one('', 'many', '0', '5', '5.0', '7', '10', '11', '-1', '5.05'),
  operators: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  qualifiers: ['', '', 'ForAnyValue:'],
  values: ['5', '5.1', '7', '10', '0'],
};
const TIME: KeyWords = {
  key: 'aws:CurrentTime',
  universe: one('2024-01-01T00:00:00Z', '2024-06-01T00:00:00Z', '2024-06-01T00:00:01Z', '2025-01-01T00:00:00Z', 'now'),
  operators: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  qualifiers: [''],
  values: ['2024-06-01', '2024-06-01T00:00:01Z', '1735689600'],
};
const ADDRESS: KeyWords = {
  key: 'aws:SourceIp',
  universe: one('10.0.0.1', '10.0.0.130', '10.1.0.1', '192.0.2.1', '2001:db8::1', '::1', 'home'),
  operators: ['IpAddress', 'NotIpAddress'],
  qualifiers: [''],
  values: ['10.0.0.0/8', '10.0.0.0/25', '10.0.0.1', '2001:db8::/32', '0.0.0.0/0', '::/0'],
};
const SOURCE_ARN: KeyWords = {
  key: 'aws:SourceArn',
  universe: one('arn:aws:s3:::a', 'arn:aws:s3:::b:c', 'arn:aws:sns:r:1:t', 'arn:aws:s3', ''),
  operators: ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'StringLike', 'StringNotLike'],
  qualifiers: [''],
  values: ['arn:aws:s3:::*', 'arn:aws:*:::a', 'arn:aws:s?s:*:1:t', 'arn:*', 'arn:aws:s3:::b:c'],
};
const PRESENT: KeyWords = {
  key: 'aws:MultiFactorAuthPresent',
  universe: [undefined, ['false']],
  operators: ['Bool', 'StringEquals', 'StringNotEquals'],
  qualifiers: ['', '', 'ForAllValues:'],
  values: ['true', 'false'],
};
const AGE: KeyWords = {
  key: 'aws:MultiFactorAuthAge',
  universe: [undefined],
  operators: ['NumericLessThan', 'NumericGreaterThan'],
  qualifiers: ['', 'ForAllValues:'],
  values: ['300'],
};

function conditionOn(words: KeyWords, values: readonly string[]): fc.Arbitrary<Json> {
  const compared = fc.record({
    operator: fc.constantFrom(...words.operators),
    qualifier: fc.constantFrom(...words.qualifiers),
    suffix: fc.constantFrom('', '', 'IfExists'),
    values: fc.uniqueArray(fc.constantFrom(...words.values, ...values), { minLength: 1, maxLength: 2 }),
  });
  const presence = fc.constantFrom('true', 'false').map((value) => ({ [`Null`]: { [words.key]: value } }));
  return fc.oneof(
    {
      weight: 7,
      arbitrary: compared.map((it) => ({ [it.qualifier + it.operator + it.suffix]: { [words.key]: it.values } })),
    },
    { weight: 1, arbitrary: presence },
  );
}

function statements(keys: readonly KeyWords[], options: { variables?: boolean } = {}): fc.Arbitrary<Json[]> {
  const variables = options.variables === true ? ['${aws:username}', "${aws:PrincipalTag/team, 'a'}*"] : [];
  const texts = new Set(TEXT_OPERATORS);
  const entry = fc
    .constantFrom(...keys)
    .chain((words) => conditionOn(words, words.operators.some((name) => texts.has(name)) ? variables : []));
  const condition = fc.array(entry, { maxLength: 3 }).map((entries) => {
    const block: Record<string, Json> = {};
    for (const [operator, tests] of entries.flatMap((each) => Object.entries(each))) {
      block[operator] = { ...block[operator], ...(tests as Json) };
    }
    return block;
  });
  const resources = ['*', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::other/*'];
  const resource = fc.constantFrom(
    ...resources,
    ...(options.variables === true
      ? ['arn:aws:s3:::bucket/${aws:username}', 'arn:aws:s3:::bucket/a${aws:PrincipalTag/team}']
      : []),
  );
  const statement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      Action: fc.constantFrom('s3:GetObject', 's3:*', 's3:PutObject'),
      Resource: resource,
      Condition: condition,
    })
    .map(({ Condition, ...rest }) => (Object.keys(Condition).length === 0 ? rest : { ...rest, Condition }));
  return fc.array(statement, { minLength: 1, maxLength: 4 });
}

const prepare = (kind: PolicyKind, Statement: readonly Json[]) =>
  preparePolicy(readPolicy({ Version: '2012-10-17', Statement }, kind));

function* contexts(keys: readonly KeyWords[]): Generator<Map<string, readonly string[]>> {
  const [first, ...rest] = keys;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const context of contexts(rest)) {
    for (const values of first.universe) {
      const key = first.key.toLowerCase();
      yield values === undefined ? context : new Map([...context, [key, values]]);
    }
  }
}

/** Policies a test: quick at one's desk, thorough in CI. */
const RUNS = process.env['CI'] ? 1500 : 300;

const tally = { yes: 0, no: 0, 'cannot tell': 0 };

/** Asks, and holds the answer against every context of the universe. */
function check(policies: PolicySet, keys: readonly KeyWords[]): 'yes' | 'no' | 'cannot tell' {
  const answer = allowsWithoutMfa({ ...request, policies });
  tally[answer.answer] += 1;
  if (answer.answer === 'no') {
    for (const context of contexts(keys)) {
      const { verdict } = decide({ ...request, context }, policies);
      expect(verdict, `asked: no; but ${JSON.stringify([...context])} is allowed`).not.toBe('allowed');
    }
  }
  if (answer.answer === 'yes') {
    expect(decide({ ...request, context: answer.context }, policies).verdict).toBe('allowed');
    const present = answer.credential === 'session without MFA' ? ['false'] : undefined;
    expect(answer.context.get('aws:multifactorauthpresent')).toEqual(present);
    expect(answer.context.has('aws:multifactorauthage')).toBe(false);
    expect(answer.statements.length).toBeGreaterThan(0);
  }
  return answer.answer;
}

const MFA = [PRESENT, AGE];

describe('the question without MFA against every context of a small universe', () => {
  test.each<readonly [string, readonly KeyWords[]]>([
    ['two strings', [...MFA, USERNAME, TEAM]],
    ['one string, with many conditions on it', [...MFA, USERNAME]],
    ['sets of strings', [...MFA, TAG_KEYS, USERNAME]],
    ['numbers and times', [...MFA, MAX_KEYS, TIME]],
    ['addresses and ARNs', [...MFA, ADDRESS, SOURCE_ARN]],
  ])('%s', (_, keys) => {
    fc.assert(
      fc.property(statements(keys), statements(keys), fc.boolean(), (identity, boundary, bounded) => {
        const policies: PolicySet = {
          identity: [prepare('identity', identity)],
          ...(bounded ? { permissionsBoundary: prepare('boundary', boundary) } : {}),
        };
        // Nothing here hangs on what can't be told.
        expect(check(policies, keys)).not.toBe('cannot tell');
      }),
      { numRuns: RUNS },
    );
  });

  test('strings that refer to each other by variables', () => {
    const keys = [...MFA, USERNAME, TEAM];
    fc.assert(
      fc.property(statements(keys, { variables: true }), (identity) => {
        check({ identity: [prepare('identity', identity)] }, keys);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  test('strings whose variables are known', () => {
    const known = new Map([['aws:username', ['ab']] as const]);
    const keys = [...MFA, { ...USERNAME, universe: [['ab']] }, TEAM];
    fc.assert(
      fc.property(statements(keys, { variables: true }), (identity) => {
        const policies = { identity: [prepare('identity', identity)] };
        const answer = allowsWithoutMfa({ ...request, policies, known });
        if (answer.answer !== 'no') return;
        for (const context of contexts(keys)) {
          expect(decide({ ...request, context }, policies).verdict).not.toBe('allowed');
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('each answer occurs often enough to mean something', () => {
    const all = tally.yes + tally.no + tally['cannot tell'];
    expect(tally.yes / all).toBeGreaterThan(0.2);
    expect(tally.no / all).toBeGreaterThan(0.2);
    expect(tally['cannot tell'] / all).toBeLessThan(0.1);
  });
});

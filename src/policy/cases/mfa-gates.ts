import { ALICE, type Case, GATED, policy, trust } from './case.ts';

const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';

const GUIDE = 'IAM User Guide, MFA-protected API access';
const ABSENT = 'IAM User Guide, AWS global condition context keys: aws:MultiFactorAuthPresent';

/** What a request shows of MFA, by its credentials. */
const LONG_TERM_KEY = {};
const SESSION_WITHOUT_CODE = { [PRESENT]: 'false' };
const SESSION_WITH_CODE = { [PRESENT]: 'true', [AGE]: '1200' };
const OLD_SESSION = { [PRESENT]: 'true', [AGE]: '3600' };

const assume = { action: 'sts:AssumeRole', resource: GATED };
const gate = { Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: '3600' } };

/** Everything that a gate of this shape answers to each kind of credentials. */
function gateCases(
  name: string,
  rule: string,
  condition: Readonly<Record<string, unknown>>,
  answers: { readonly key: boolean; readonly noCode: boolean; readonly code: boolean; readonly old: boolean },
): readonly Case[] {
  const rows = [
    ['a long-term key', LONG_TERM_KEY, answers.key],
    ['a session without a code', SESSION_WITHOUT_CODE, answers.noCode],
    ['a session with a code', SESSION_WITH_CODE, answers.code],
    ['a session with a code an hour ago', OLD_SESSION, answers.old],
  ] as const;
  return rows.map(([who, context, isLetIn]) => ({
    name: `${name}: ${who} ${isLetIn ? 'gets in' : 'stays out'}`,
    rule,
    resourcePolicy: policy(trust(ALICE, { Condition: condition })),
    request: { ...assume, context },
    ...(isLetIn ? { answer: 'allowed' } : { answer: 'implicitDeny', by: 'role trust policy' }),
  }));
}

export const mfaGateCases: readonly Case[] = [
  ...gateCases(
    'Bool true in an Allow',
    GUIDE,
    { Bool: { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases('Bool true with an age', GUIDE, gate, { key: false, noCode: false, code: true, old: false }),
  ...gateCases(
    'BoolIfExists true in an Allow, the classic hole',
    ABSENT,
    { BoolIfExists: { [PRESENT]: 'true' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'Null false on the key, which a session without a code has',
    ABSENT,
    { Null: { [PRESENT]: 'false' } },
    { key: false, noCode: true, code: true, old: true },
  ),
  ...gateCases(
    'Null false on the age',
    GUIDE,
    { Null: { [AGE]: 'false' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'NumericLessThan on an absent age',
    GUIDE,
    { NumericLessThan: { [AGE]: '3600' } },
    { key: false, noCode: false, code: true, old: false },
  ),
  ...gateCases(
    'NumericLessThanEquals at the very second',
    GUIDE,
    { NumericLessThanEquals: { [AGE]: '3600' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'NumericLessThanIfExists in an Allow, another hole',
    'IAM User Guide, condition operators: …IfExists',
    { NumericLessThanIfExists: { [AGE]: '3600' } },
    { key: true, noCode: true, code: true, old: false },
  ),
  ...gateCases(
    'StringEquals works on the Boolean as text',
    'IAM User Guide, condition operators: String',
    { StringEquals: { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'StringNotEquals false lets the absent key in',
    'IAM User Guide, condition operators: negated matching',
    { StringNotEquals: { [PRESENT]: 'false' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'ForAnyValue:Bool true',
    'IAM User Guide, set operators',
    { 'ForAnyValue:Bool': { [PRESENT]: 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'ForAllValues:Bool true is true without the key',
    'IAM User Guide, set operators',
    { 'ForAllValues:Bool': { [PRESENT]: 'true' } },
    { key: true, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'a JSON Boolean is as good as its text',
    'IAM User Guide, Grammar',
    { Bool: { [PRESENT]: true } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'a JSON number is as good as its text',
    'IAM User Guide, Grammar',
    { NumericLessThan: { [AGE]: 3600 } },
    { key: false, noCode: false, code: true, old: false },
  ),
  ...gateCases(
    'the key in another case',
    'IAM User Guide, Condition: keys are not case-sensitive',
    { Bool: { 'AWS:multifactorauthPRESENT': 'true' } },
    { key: false, noCode: false, code: true, old: true },
  ),
  ...gateCases(
    'both values in the list',
    'IAM User Guide, Condition: values of one key OR',
    { Bool: { [PRESENT]: ['true', 'false'] } },
    { key: false, noCode: true, code: true, old: true },
  ),
];

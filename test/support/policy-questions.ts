/**
 * Generated questions for the evaluator, from small alphabets, so that much matches: every side of a policy set, the
 * kinds of principal, an object of S3 or a role as the resource.
 */
import fc from 'fast-check';
import { conditionOperators } from '../../src/policy/conditions/operators.ts';
import type { EvaluationInput } from '../../src/policy/evaluate.ts';

export type Members = Record<string, unknown>;
export interface Document {
  readonly Version: string;
  readonly Statement: readonly Members[];
}

export const HOME = '111111111111';
const OTHER = '222222222222';
export const ALICE = `arn:aws:iam::${HOME}:user/alice`;
export const ROLE = `arn:aws:iam::${HOME}:role/worker`;
export const SESSION = `arn:aws:sts::${HOME}:assumed-role/worker/job`;
export const FEDERATED = `arn:aws:sts::${HOME}:federated-user/visitor`;

export const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
export const oneOrMore = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }) });

export const keys = [
  'aws:MultiFactorAuthPresent',
  'aws:MultiFactorAuthAge',
  'aws:username',
  'aws:TagKeys',
  'aws:SourceIp',
];
export const values = [
  '',
  'true',
  'false',
  '60',
  '3600',
  'alice',
  'a*',
  '*',
  '203.0.113.7',
  ALICE,
  '${aws:username}',
  "${aws:x, 'a'}",
];

export const operator = fc
  .tuple(oneOf('', 'ForAllValues:', 'ForAnyValue:'), oneOf(...conditionOperators.keys()), oneOf('', 'IfExists'))
  .map((parts) => parts.join(''));
export const condition = fc
  .dictionary(
    fc.oneof({ weight: 4, arbitrary: operator }, { weight: 1, arbitrary: fc.constant('Null') }),
    fc.dictionary(oneOf(...keys), oneOrMore(oneOf(...values)), { minKeys: 1, maxKeys: 2 }),
    { maxKeys: 2 },
  )
  // Dates are checked when a document is read.
  .map((block) => Object.fromEntries(Object.entries(block).filter(([name]) => !name.includes('Date'))));

const action = oneOrMore(oneOf('*', 's3:*', 's3:Get*', 'S3:getobject', 's3:PutObject', 'sts:AssumeRole', 'iam:*'));
const resource = oneOrMore(
  oneOf(
    '*',
    'arn:aws:s3:::vault/*',
    'arn:aws:s3:::vault/${aws:username}',
    'arn:aws:s3:::v?ult/alice',
    `arn:aws:iam::*:role/*`,
  ),
);
const principal = fc.oneof(
  fc.constant('*'),
  fc.record({ AWS: oneOrMore(oneOf('*', HOME, OTHER, `arn:aws:iam::${HOME}:root`, ALICE, ROLE, SESSION, FEDERATED)) }),
  fc.constant({ Service: 'cloudtrail.amazonaws.com' }),
);

const effect = oneOf('Allow', 'Allow', 'Deny');
const elements = {
  Effect: effect,
  Condition: fc.option(condition, { nil: undefined, freq: 3 }),
  negateAction: fc.nat(6).map((n) => n === 0),
  negateResource: fc.nat(6).map((n) => n === 0),
  negatePrincipal: fc.nat(2).map((n) => n === 0),
};

export const permission = fc
  .record({ ...elements, action, resource })
  .map(({ Effect, Condition, negateAction, negateResource, action, resource }) =>
    tidy({
      Effect,
      [negateAction ? 'NotAction' : 'Action']: action,
      [negateResource ? 'NotResource' : 'Resource']: resource,
      Condition,
    }),
  );
export const grant = fc
  .record({ ...elements, action, resource, principal })
  .map(({ Effect, Condition, negateAction, negateResource, negatePrincipal, action, resource, principal }) =>
    tidy({
      Effect,
      [negatePrincipal && Effect === 'Deny' ? 'NotPrincipal' : 'Principal']: principal,
      [negateAction ? 'NotAction' : 'Action']: action,
      [negateResource ? 'NotResource' : 'Resource']: resource,
      Condition,
    }),
  );
export const trust = fc
  .record({ ...elements, principal })
  .map(({ Effect, Condition, principal }) =>
    tidy({ Effect, Principal: principal, Action: 'sts:AssumeRole', Condition }),
  );

function tidy(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

export const documentOf = (statement: fc.Arbitrary<Members>): fc.Arbitrary<Document> =>
  fc.record({
    Version: oneOf('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.array(statement, { minLength: 1, maxLength: 4 }),
  });

export const policyOf = documentOf(permission);
const rcp = documentOf(permission.map((statement) => ({ ...statement, Effect: 'Deny', Principal: '*' })));

const context = fc.dictionary(oneOf(...keys), fc.oneof(oneOf(...values), fc.array(oneOf(...values), { maxLength: 3 })));
const ask = (request: { principal: string; action: string; resource: string }) =>
  fc.record({ resourceAccount: oneOf(HOME, HOME, OTHER), context }).map((rest) => ({ ...request, ...rest }));
const principals = [
  ALICE,
  ALICE,
  SESSION,
  ROLE,
  FEDERATED,
  `arn:aws:iam::${HOME}:root`,
  'cloudtrail.amazonaws.com',
  '*',
];
export const s3Request = fc
  .record({
    principal: oneOf(...principals),
    action: oneOf('s3:GetObject', 's3:PutObject'),
    resource: oneOf('arn:aws:s3:::vault/alice', 'arn:aws:s3:::other/x'),
  })
  .chain(ask);
const roleRequest = fc
  .record({
    principal: oneOf(...principals),
    action: fc.constant('sts:AssumeRole'),
    resource: oneOf(`arn:aws:iam::${HOME}:role/admin`, `arn:aws:iam::${OTHER}:role/admin`),
  })
  .chain(ask)
  .map(({ resourceAccount: _resourceAccount, ...request }) => request);

const sides = {
  identityPolicies: fc.array(policyOf, { maxLength: 2 }),
  permissionsBoundary: fc.option(policyOf, { nil: undefined }),
  sessionPolicies: fc.array(policyOf, { maxLength: 2 }),
  serviceControlPolicies: fc.option(fc.array(fc.array(policyOf, { minLength: 1, maxLength: 2 }), { maxLength: 2 }), {
    nil: undefined,
  }),
  resourceControlPolicies: fc.option(fc.array(fc.array(rcp, { maxLength: 1 }), { maxLength: 1 }), { nil: undefined }),
};
export interface Question extends EvaluationInput {
  readonly identityPolicies: readonly Document[];
  readonly resourcePolicy?: Document | undefined;
  readonly permissionsBoundary?: Document | undefined;
  readonly sessionPolicies: readonly Document[];
  readonly serviceControlPolicies?: readonly (readonly Document[])[];
  readonly resourceControlPolicies?: readonly (readonly Document[])[];
}
export const question = fc.oneof(
  fc.record({ ...sides, resourcePolicy: fc.option(documentOf(grant), { nil: undefined }), request: s3Request }),
  fc.record({ ...sides, resourcePolicy: fc.option(documentOf(trust), { nil: undefined }), request: roleRequest }),
) as fc.Arbitrary<Question>;

export function isTrusting({ request }: Question): boolean {
  return request.action === 'sts:AssumeRole';
}

export function addStatement({ Version, Statement }: Document, statement: Members): Document {
  return { Version, Statement: [...Statement, statement] };
}

import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { type EvaluationInput, evaluate } from './evaluate.ts';
import { preparePolicy } from './prepare.ts';
import { readPolicy } from './read.ts';

const HOME = '111111111111';
const ALICE = `arn:aws:iam::${HOME}:user/alice`;
const request = { principal: ALICE, action: 's3:GetObject', resource: 'arn:aws:s3:::vault/x' };
const open = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

describe('input that is no question', () => {
  test.each<[what: string, input: unknown, path: string]>([
    ['nothing', undefined, '$'],
    ['a list', [], '$'],
    ['no request', {}, '$.request'],
    ['no principal', { request: { ...request, principal: undefined } }, '$.request.principal'],
    ['a principal that is nobody', { request: { ...request, principal: 'alice' } }, '$.request.principal'],
    ['no action', { request: { ...request, action: '' } }, '$.request.action'],
    ['a pattern for an action', { request: { ...request, action: 's3:*' } }, '$.request.action'],
    ['an action without a service', { request: { ...request, action: 'GetObject' } }, '$.request.action'],
    ['no resource', { request: { ...request, resource: 7 } }, '$.request.resource'],
    ['an account that is none', { request: { ...request, resourceAccount: '111' } }, '$.request.resourceAccount'],
    ['a context in a list', { request: { ...request, context: [] } }, '$.request.context'],
    [
      'a context value that is an object',
      { request: { ...request, context: { 'a:b': {} } } },
      '$.request.context["a:b"]',
    ],
    ['a context value that is null', { request: { ...request, context: { 'a:b': null } } }, '$.request.context["a:b"]'],
    ['a key twice', { request: { ...request, context: { 'a:b': 'x', 'A:B': 'y' } } }, '$.request.context["A:B"]'],
    ['identity policies that are no list', { identityPolicies: open, request }, '$.identityPolicies'],
    ['levels that are none', { serviceControlPolicies: [open], request }, '$.serviceControlPolicies[0]'],
    ['a misspelt kind of policy', { permissionBoundary: open, request }, '$.permissionBoundary'],
  ])('%s', (_what, input, path) => {
    expect(() => evaluate(input as EvaluationInput)).toThrow(
      expect.objectContaining({ code: 'malformed-request', fields: expect.objectContaining({ path }) }),
    );
  });

  test.each<[name: string, input: object]>([
    ['identityPolicies[1]', { identityPolicies: [open, {}] }],
    ['resourcePolicy', { resourcePolicy: open }],
    ['permissionsBoundary', { permissionsBoundary: null }],
    ['sessionPolicies[0]', { sessionPolicies: ['{}'] }],
    ['serviceControlPolicies[1][0]', { serviceControlPolicies: [[open], [7]] }],
    ['resourceControlPolicies[0][0]', { resourceControlPolicies: [[open]] }],
  ])('a document that is malformed is named: %s', (document, input) => {
    expect(() => evaluate({ ...input, request } as EvaluationInput)).toThrow(
      expect.objectContaining({ code: 'malformed-policy', fields: expect.objectContaining({ document }) }),
    );
  });
});

test('what stands beside a question is passed over', () => {
  const asked = { name: 'a row of a table', identityPolicies: [open], request: { ...request, note: 1 } };
  expect(evaluate(asked)).toMatchObject({ decision: 'allowed' });
});

test('numbers and Booleans in the context are as good as their text', () => {
  const Condition = { NumericEquals: { 'a:n': '1.5' }, Bool: { 'a:b': 'true' } };
  const identityPolicies = [{ Version: '2012-10-17', Statement: { ...open.Statement, Condition } }];
  const context = { 'a:n': 1.5, 'a:b': true } as unknown as Record<string, string>;
  expect(evaluate({ identityPolicies, request: { ...request, context } }).decision).toBe('allowed');
});

test('no key of the context is made of the principal or the resource', () => {
  const keys = [
    'aws:PrincipalArn',
    'aws:PrincipalAccount',
    'aws:username',
    'aws:userid',
    'aws:PrincipalType',
    'aws:ResourceAccount',
  ];
  for (const key of keys) {
    const identityPolicies = [
      { Version: '2012-10-17', Statement: { ...open.Statement, Condition: { Null: { [key]: 'true' } } } },
    ];
    expect(evaluate({ identityPolicies, request }).decision).toBe('allowed');
  }
});

test('the resource’s policy may read another context than the rest', () => {
  const gate = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  const principal = { type: 'user', arn: ALICE, accountId: HOME } as const;
  const asked = {
    principal,
    action: 'sts:AssumeRole',
    resource: `arn:aws:iam::${HOME}:role/admin`,
    context: new Map(),
    resourceContext: new Map([['aws:multifactorauthpresent', ['true']]]),
  };
  const trust = { Statement: { Effect: 'Allow', Principal: { AWS: HOME }, Action: 'sts:AssumeRole', Condition: gate } };
  const resource = preparePolicy(readPolicy(trust, 'trust'));
  const identity = (Condition?: object) => [
    preparePolicy(readPolicy({ Statement: { ...open.Statement, ...(Condition && { Condition }) } }, 'identity')),
  ];
  expect(decide(asked, { identity: identity(), resource })).toEqual({ verdict: 'allowed' });
  expect(decide(asked, { identity: identity(gate), resource })).toEqual({
    verdict: 'implicitDeny',
    decidedBy: 'identity-based policy',
  });
  const Deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  };
  const guarded = preparePolicy(readPolicy({ Statement: [trust.Statement, Deny] }, 'trust'));
  expect(decide(asked, { identity: identity(), resource: guarded })).toEqual({ verdict: 'allowed' });
  expect(decide({ ...asked, resourceContext: undefined }, { identity: identity(), resource: guarded })).toEqual({
    verdict: 'explicitDeny',
    decidedBy: 'role trust policy',
  });
});

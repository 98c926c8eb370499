/** What must hold for any policies and any request. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALICE,
  addStatement,
  condition,
  type Document,
  FEDERATED,
  HOME,
  isTrusting,
  keys,
  type Members,
  oneOf,
  oneOrMore,
  operator,
  permission,
  type Question,
  question,
  ROLE,
  SESSION,
  s3Request,
  values,
} from '../../test/support/policy-questions.ts';
import { decide } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { preparePolicy } from './prepare.ts';
import { readPolicy } from './read.ts';

const RUNS = { numRuns: 1500 };

/** The question with every document of one side changed. */
function mapDocuments(question: Question, change: (document: Document) => Document): Question {
  const one = (document: Document | undefined) => document && change(document);
  return {
    ...question,
    identityPolicies: question.identityPolicies.map(change),
    resourcePolicy: one(question.resourcePolicy),
    permissionsBoundary: one(question.permissionsBoundary),
    sessionPolicies: question.sessionPolicies.map(change),
    ...(question.serviceControlPolicies && {
      serviceControlPolicies: question.serviceControlPolicies.map((level) => level.map(change)),
    }),
    ...(question.resourceControlPolicies && {
      resourceControlPolicies: question.resourceControlPolicies.map((level) => level.map(change)),
    }),
  };
}

describe('decisions', () => {
  test('to add a Deny never allows more', () => {
    const where = oneOf('identity', 'boundary', 'session', 'scp', 'rcp', 'resource');
    fc.assert(
      fc.property(question, permission, where, (asked, statement, where) => {
        const denial = { Version: '2012-10-17', Statement: [{ ...statement, Effect: 'Deny' }] };
        const open = {
          Version: '2012-10-17',
          Statement: [...denial.Statement, { Effect: 'Allow', Action: '*', Resource: '*' }],
        };
        const withPrincipal = { ...denial.Statement[0], Principal: '*' };
        const more: Record<string, Question> = {
          identity: { ...asked, identityPolicies: [...asked.identityPolicies, denial] },
          boundary: {
            ...asked,
            permissionsBoundary: addStatement(asked.permissionsBoundary ?? open, denial.Statement[0]!),
          },
          session: {
            ...asked,
            sessionPolicies: [...asked.sessionPolicies, asked.sessionPolicies.length > 0 ? denial : open],
          },
          scp: { ...asked, serviceControlPolicies: [...(asked.serviceControlPolicies ?? []), [open]] },
          rcp: {
            ...asked,
            resourceControlPolicies: [
              ...(asked.resourceControlPolicies ?? []),
              [{ ...denial, Statement: [withPrincipal] }],
            ],
          },
          resource:
            asked.resourcePolicy === undefined || isTrusting(asked)
              ? asked
              : { ...asked, resourcePolicy: addStatement(asked.resourcePolicy, withPrincipal) },
        };
        // A federated user has nothing without a session policy: to give the first one is to add an Allow.
        fc.pre(!(where === 'session' && asked.request.principal === FEDERATED && asked.sessionPolicies.length === 0));
        if (evaluate(more[where]!).decision === 'allowed') expect(evaluate(asked).decision).toBe('allowed');
      }),
      RUNS,
    );
  });

  test('an explicit deny always wins', () => {
    const all = { Effect: 'Deny', Action: '*', Resource: '*' };
    const where = oneOf<keyof Question>(
      'identityPolicies',
      'sessionPolicies',
      'permissionsBoundary',
      'serviceControlPolicies',
      'resourceControlPolicies',
      'resourcePolicy',
    );
    fc.assert(
      fc.property(question, where, oneOf(ALICE, SESSION, ROLE, FEDERATED), (asked, where, principal) => {
        const denial = { Version: '2012-10-17', Statement: [all] };
        const resourceDenial = {
          Version: '2012-10-17',
          Statement: [
            isTrusting(asked)
              ? { Effect: 'Deny', Principal: '*', Action: 'sts:*' }
              : { ...all, Principal: { AWS: HOME } },
          ],
        };
        const denied: Partial<Record<keyof Question, unknown>> = {
          identityPolicies: [...asked.identityPolicies, denial],
          sessionPolicies: [...asked.sessionPolicies, denial],
          permissionsBoundary: denial,
          serviceControlPolicies: [...(asked.serviceControlPolicies ?? []), [denial]],
          resourceControlPolicies: [[{ ...denial, Statement: [{ ...all, Principal: '*' }] }]],
          resourcePolicy: resourceDenial,
        };
        const request = { ...asked.request, principal };
        expect(evaluate({ ...asked, request, [where]: denied[where] }).decision).toBe('explicitDeny');
      }),
      RUNS,
    );
  });

  test('the order of statements and of policies does not matter', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const turned = mapDocuments(asked, ({ Version, Statement }) => ({
          Version,
          Statement: Statement.toReversed(),
        }));
        const { decision, decidedBy } = evaluate(asked);
        expect(
          evaluate({
            ...turned,
            identityPolicies: turned.identityPolicies.toReversed(),
            sessionPolicies: turned.sessionPolicies.toReversed(),
          }),
        ).toMatchObject({ decision, ...(decidedBy && { decidedBy }) });
      }),
      RUNS,
    );
  });

  test('the case of actions and of condition keys does not matter', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { request } = asked;
        const shouted = {
          ...request,
          action: request.action.toUpperCase(),
          context: Object.fromEntries(
            Object.entries(request.context ?? {}).map(([key, value]) => [key.toUpperCase(), value]),
          ),
        };
        expect(evaluate({ ...asked, request: shouted }).decision).toBe(evaluate(asked).decision);
      }),
      RUNS,
    );
  });

  test('to add an identity policy’s Allow never denies more', () => {
    fc.assert(
      fc.property(question, permission, (asked, statement) => {
        const more = { Version: '2012-10-17', Statement: [{ ...statement, Effect: 'Allow' }] };
        if (evaluate(asked).decision !== 'allowed') return;
        expect(evaluate({ ...asked, identityPolicies: [...asked.identityPolicies, more] }).decision).toBe('allowed');
      }),
      RUNS,
    );
  });

  test('in an Allow, a key that only IfExists reads can be taken away and the statement still matches', () => {
    const lenient = operator.filter((name) => name.endsWith('IfExists') && !name.includes('Date'));
    const leniently = fc.dictionary(lenient, oneOrMore(oneOf(...values)), { minKeys: 1, maxKeys: 2 });
    fc.assert(
      fc.property(
        permission,
        condition,
        leniently,
        s3Request,
        oneOf(...keys),
        (statement, strict, lenient, request, key) => {
          fc.pre(!(key === 'aws:username' && JSON.stringify([statement, strict, lenient]).includes('${aws:username}')));
          const Condition: Record<string, Members> = {};
          for (const [name, block] of Object.entries(strict)) {
            Condition[name] = Object.fromEntries(Object.entries(block).filter(([other]) => other !== key));
          }
          for (const [name, wanted] of Object.entries(lenient)) Condition[name] = { ...Condition[name], [key]: wanted };
          const document = { Version: '2012-10-17', Statement: [{ ...statement, Effect: 'Allow', Condition }] };
          const [prepared] = preparePolicy(readPolicy(document, 'identity')).allows;
          const covers = (context: Members) =>
            prepared?.covers(request.action.toLowerCase(), request.resource, contextMap(context));
          const { [key]: _taken, ...without } = request.context;
          if (covers(request.context)) expect(covers(without)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('in a Deny it may stop sparing: BoolIfExists false on a key taken away denies', () => {
    const guard = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { BoolIfExists: { [keys[0]!]: 'false' } } };
    const identityPolicies = [
      { Version: '2012-10-17', Statement: [guard, { Effect: 'Allow', Action: '*', Resource: '*' }] },
    ];
    const request = { principal: ALICE, action: 's3:GetObject', resource: '*' };
    expect(evaluate({ identityPolicies, request: { ...request, context: { [keys[0]!]: 'true' } } }).decision).toBe(
      'allowed',
    );
    expect(evaluate({ identityPolicies, request }).decision).toBe('explicitDeny');
  });
});

function contextMap(context: Members): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat() as string[]]));
}

describe('a federated user, whose maker is known', () => {
  const principal = { type: 'federated-user', arn: FEDERATED, accountId: HOME, userArn: ALICE } as const;
  const request = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::vault/x', context: new Map() };
  const prepared = (kind: 'resource' | 'session' | 'identity', statement: Members) =>
    preparePolicy(readPolicy({ Statement: { Action: '*', Resource: '*', ...statement } }, kind));
  const named = (Effect: string) => prepared('resource', { Effect, Principal: { AWS: ALICE } });
  const session = [prepared('session', { Effect: 'Allow' })];

  test('is let in where the user is named, within the session policy', () => {
    expect(decide(request, { identity: [], resource: named('Allow'), session })).toEqual({ verdict: 'allowed' });
  });

  test('but has nothing without one', () => {
    const decision = { verdict: 'implicitDeny', decidedBy: 'session policy' };
    expect(decide(request, { identity: [], resource: named('Allow') })).toEqual(decision);
  });

  test('is denied where the user is denied', () => {
    const identity = [prepared('identity', { Effect: 'Allow' })];
    const decision = { verdict: 'explicitDeny', decidedBy: 'resource-based policy' };
    expect(decide(request, { identity, resource: named('Deny'), session })).toEqual(decision);
  });

  test.each([
    [[ALICE, FEDERATED, HOME], 'allowed'],
    [[FEDERATED, HOME], 'explicitDeny'],
    [[ALICE, HOME], 'explicitDeny'],
  ])('is spared by NotPrincipal %s: %s', (AWS, verdict) => {
    const identity = [prepared('identity', { Effect: 'Allow' })];
    const resource = prepared('resource', { Effect: 'Deny', NotPrincipal: { AWS } });
    expect(decide(request, { identity, resource, session }).verdict).toBe(verdict);
  });
});

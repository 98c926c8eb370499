import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addStatement,
  type Document,
  isTrusting,
  type Members,
  type Question,
  question,
} from '../../test/support/policy-questions.ts';
import type { PolicyType } from './decision.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Change } from './explanation.ts';

const RUNS = { numRuns: 1500 };

describe('explanations', () => {
  test('a policy that has a say and denies is an explicit deny, and nothing else is', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { decision, policies, rules } = evaluate(asked);
        fc.pre(!rules.includes('closed-to-root'));
        const denied = policies.some(({ hasSay, says }) => hasSay && says === 'deny');
        expect(decision === 'explicitDeny').toBe(denied);
      }),
      RUNS,
    );
  });

  test('what decides matched, and what did not match says why', () => {
    fc.assert(
      fc.property(question, (asked) => {
        for (const { statements, says, decidingStatement } of evaluate(asked).policies) {
          expect(says === 'nothing').toBe(decidingStatement === undefined);
          if (decidingStatement !== undefined) {
            const deciding = statements.find(({ index }) => index === decidingStatement);
            expect(deciding).toMatchObject({ matched: true, effect: says === 'deny' ? 'Deny' : 'Allow' });
          }
          for (const { matched, mismatches } of statements) expect(matched).toBe(mismatches.length === 0);
        }
      }),
      RUNS,
    );
  });

  test('the changes that it names are enough, and an allowed request needs none', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const explained = evaluate(asked);
        expect(explained.changes.length === 0).toBe(explained.decision === 'allowed');
        fc.pre(!explained.changes.some(({ change }) => change === 'none-possible'));
        expect(evaluate(applied(asked, explained)).decision).toBe('allowed');
      }),
      RUNS,
    );
  });

  test('it is plain data', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const explained = evaluate(asked);
        expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
      }),
      { numRuns: 200 },
    );
  });
});

const SIDE_OF: Readonly<Record<PolicyType, keyof Question>> = {
  'identity-based policy': 'identityPolicies',
  'resource-based policy': 'resourcePolicy',
  'role trust policy': 'resourcePolicy',
  'permissions boundary': 'permissionsBoundary',
  'session policy': 'sessionPolicies',
  'service control policy': 'serviceControlPolicies',
  'resource control policy': 'resourceControlPolicies',
};

/** The question with the denies lifted and an Allow of everything added where an explanation says that one lacks. */
function applied(asked: Question, { changes }: Evaluation): Question {
  const lifted = new Set(
    changes
      .filter((change) => change.change === 'lift-deny')
      .map(({ place }) => placeKey(SIDE_OF[place.type], place.level, place.index, place.statement)),
  );
  const lift = (side: keyof Question, document: Document, level: number | undefined, index: number): Document => ({
    ...document,
    Statement: document.Statement.map((statement, at) =>
      lifted.has(placeKey(side, level, index, at)) ? idleFor(side, asked) : statement,
    ),
  });
  const lists = (side: 'identityPolicies' | 'sessionPolicies') =>
    asked[side].map((document, index) => lift(side, document, undefined, index));
  const levels = (side: 'serviceControlPolicies' | 'resourceControlPolicies') =>
    asked[side]?.map((policies, level) => policies.map((document, index) => lift(side, document, level, index)));
  const scps = levels('serviceControlPolicies');
  const rcps = levels('resourceControlPolicies');
  const { resourcePolicy, permissionsBoundary } = asked;
  return changes
    .filter((change) => change.change === 'allow')
    .reduce<Question>(granted, {
      request: asked.request,
      identityPolicies: lists('identityPolicies'),
      sessionPolicies: lists('sessionPolicies'),
      resourcePolicy: resourcePolicy && lift('resourcePolicy', resourcePolicy, undefined, 0),
      permissionsBoundary: permissionsBoundary && lift('permissionsBoundary', permissionsBoundary, undefined, 0),
      ...(scps && { serviceControlPolicies: scps }),
      ...(rcps && { resourceControlPolicies: rcps }),
    });
}

function placeKey(side: keyof Question, level: number | undefined, index: number, statement: number): string {
  return `${side} ${level ?? 0} ${index} ${statement}`;
}

function idleFor(side: keyof Question, asked: Question): Members {
  if (side === 'resourcePolicy' && isTrusting(asked)) {
    return { Effect: 'Allow', Principal: { Service: 'none.amazonaws.com' }, Action: 'sts:AssumeRole' };
  }
  return side === 'resourcePolicy' || side === 'resourceControlPolicies'
    ? { ...IDLE, Principal: { AWS: '000000000000' } }
    : IDLE;
}

function granted(asked: Question, change: Extract<Change, { readonly change: 'allow' }>): Question {
  const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const opening = isTrusting(asked)
    ? { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }
    : { ...open.Statement[0], Principal: '*' };
  switch (SIDE_OF[change.type]) {
    case 'resourcePolicy':
      return { ...asked, resourcePolicy: addStatement(asked.resourcePolicy ?? { ...open, Statement: [] }, opening) };
    case 'permissionsBoundary':
      return { ...asked, permissionsBoundary: addStatement(asked.permissionsBoundary!, open.Statement[0]!) };
    case 'serviceControlPolicies':
      return {
        ...asked,
        serviceControlPolicies: asked.serviceControlPolicies!.map((level, index) =>
          index === change.level ? [...level, open] : level,
        ),
      };
    case 'sessionPolicies':
      return { ...asked, sessionPolicies: [...asked.sessionPolicies, open] };
    default:
      return { ...asked, identityPolicies: [...asked.identityPolicies, open] };
  }
}

/** Nothing that any request asks for. */
const IDLE = { Effect: 'Allow', Action: 'none:None', Resource: '*' };

describe('an explanation', () => {
  const HOME = '111111111111';
  const request = {
    principal: `arn:aws:iam::${HOME}:user/alice`,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::vault/x',
  };
  const gate = {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
  };
  const gated = {
    Version: '2012-10-17',
    Statement: { Sid: 'Gated', Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: gate },
  };
  const other = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] };

  test('names the conditions that fail, with what was there', () => {
    const context = { 'aws:MultiFactorAuthAge': '7200' };
    const explained = evaluate({ identityPolicies: [other, gated], request: { ...request, context } });
    const mismatches = [
      {
        element: 'Condition',
        location: { path: '$.Statement.Condition.Bool["aws:MultiFactorAuthPresent"]' },
        operator: 'Bool',
        key: 'aws:MultiFactorAuthPresent',
        wanted: ['true'],
      },
      {
        element: 'Condition',
        location: { path: '$.Statement.Condition.NumericLessThan["aws:MultiFactorAuthAge"]' },
        operator: 'NumericLessThan',
        key: 'aws:MultiFactorAuthAge',
        wanted: ['3600'],
        had: ['7200'],
      },
    ];
    expect(explained).toEqual({
      decision: 'implicitDeny',
      decidedBy: 'identity-based policy',
      rules: [],
      policies: [
        {
          type: 'identity-based policy',
          index: 0,
          hasSay: true,
          says: 'nothing',
          statements: [
            {
              index: 0,
              effect: 'Allow',
              location: { path: '$.Statement[0]' },
              matched: false,
              mismatches: [
                {
                  element: 'Action',
                  location: { path: '$.Statement[0].Action' },
                  wanted: ['ec2:*'],
                  had: 's3:GetObject',
                },
              ],
            },
          ],
        },
        {
          type: 'identity-based policy',
          index: 1,
          hasSay: true,
          says: 'nothing',
          statements: [
            { index: 0, sid: 'Gated', effect: 'Allow', location: { path: '$.Statement' }, matched: false, mismatches },
          ],
        },
      ],
      changes: [
        {
          change: 'allow',
          type: 'identity-based policy',
          nearest: [{ type: 'identity-based policy', index: 1, statement: 0, mismatches }],
        },
      ],
    });
  });

  test('names the level of an organisation that denies, and the one that does not allow', () => {
    const open = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const denial = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' } };
    const serviceControlPolicies = [[open], [other, denial]];
    expect(evaluate({ identityPolicies: [open], serviceControlPolicies, request })).toMatchObject({
      decision: 'explicitDeny',
      decidedBy: 'service control policy',
      changes: [
        { change: 'lift-deny', place: { type: 'service control policy', level: 1, index: 1, statement: 0 } },
        { change: 'allow', type: 'service control policy', level: 1, nearest: [] },
      ],
    });
  });

  test('says how the deciding statement of a resource names who asks', () => {
    const grant = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 's3:*', Resource: '*' });
    const resourcePolicy = { Version: '2012-10-17', Statement: [grant(HOME), grant(request.principal)] };
    expect(evaluate({ resourcePolicy, request }).policies).toMatchObject([
      { type: 'resource-based policy', says: 'allow', decidingStatement: 1, naming: 'itself' },
    ]);
  });

  test('root is meant itself where its account is', () => {
    const resourcePolicy = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: HOME }, Action: 's3:*', Resource: '*' },
    };
    const principal = `arn:aws:iam::${HOME}:root`;
    expect(evaluate({ resourcePolicy, request: { ...request, principal } }).policies).toMatchObject([
      { naming: 'itself' },
    ]);
  });

  test('names the principals that were meant instead', () => {
    const resourcePolicy = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: HOME, Service: 'x.amazonaws.com' },
        Action: 's3:*',
        Resource: '*',
      },
    };
    const [policy] = evaluate({ resourcePolicy, request: { ...request, principal: '*' } }).policies;
    expect(policy?.statements[0]?.mismatches).toEqual([
      {
        element: 'Principal',
        location: { path: '$.Statement.Principal' },
        wanted: [HOME, 'Service:x.amazonaws.com'],
        had: '*',
      },
    ]);
  });

  test.each([
    [{ principal: `arn:aws:iam::${HOME}:root` }, ['root-is-not-limited']],
    [{ action: 'sts:GetCallerIdentity' }, ['needs-no-permission']],
    [{ principal: `arn:aws:sts::${HOME}:assumed-role/x/y`, action: 'sts:GetSessionToken' }, ['closed-to-sessions']],
    [{ principal: `arn:aws:sts::${HOME}:assumed-role/x/y`, action: 'sts:TagSession' }, ['chain-needs-both-sides']],
    [{ principal: `arn:aws:iam::${HOME}:role/aws-service-role/x/y` }, ['service-linked-role']],
    [{ action: 'kms:RetireGrant' }, ['retire-grant']],
  ])('names the rules of AWS that hold beside policies: %o', (asked, rules) => {
    expect(evaluate({ request: { ...request, ...asked } }).rules).toEqual(rules);
  });

  test('shows as nearest what falls short on the fewest elements', () => {
    const gated = {
      Effect: 'Allow',
      Action: request.action,
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    };
    const farther = { ...gated, Resource: 'arn:aws:s3:::another' };
    const policy = { Version: '2012-10-17', Statement: [farther, gated, { ...gated, Action: 'iam:*' }] };
    const [change, ...others] = evaluate({ identityPolicies: [policy], request }).changes;
    expect(others).toEqual([]);
    expect(change?.change === 'allow' && change.nearest.map(({ statement }) => statement)).toEqual([1]);
  });

  test('says so where no policy can change it', () => {
    const asked = {
      principal: `arn:aws:iam::${HOME}:root`,
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${HOME}:role/x`,
    };
    expect(evaluate({ request: asked }).changes).toEqual([{ change: 'none-possible', rule: 'closed-to-root' }]);
  });

  test('asks for no change of a policy that has no say', () => {
    const denial = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } };
    const asked = { ...request, principal: `arn:aws:iam::${HOME}:root` };
    const { changes } = evaluate({ identityPolicies: [denial], serviceControlPolicies: [[denial]], request: asked });
    expect(changes.map((change) => (change.change === 'lift-deny' ? change.place.type : change.change))).toEqual([
      'service control policy',
      'allow',
    ]);
  });

  test('does not count a policy that has no say', () => {
    const denial = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } };
    const explained = evaluate({
      identityPolicies: [denial],
      request: { ...request, principal: `arn:aws:iam::${HOME}:root` },
    });
    expect(explained).toMatchObject({ decision: 'allowed', policies: [{ hasSay: false, says: 'deny' }], changes: [] });
  });
});

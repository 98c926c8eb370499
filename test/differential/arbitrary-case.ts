/** Generated questions for the evaluator, by theme. Every part is drawn by itself, so a failing case shrinks well. */
import fc from 'fast-check';
import type { EvaluationInput } from '../../src/policy/evaluate.ts';
import {
  ACCOUNT,
  ACTIONS,
  type ActionWords,
  ASSUME_ROLE,
  CONDITION_VALUES,
  type ConditionKeyWords,
  DECRYPT,
  GLOBAL_KEYS,
  OPERATORS,
  PRINCIPAL_ELEMENTS,
  PRINCIPALS,
  type ValueFamily,
} from './vocabulary.ts';

type Json = Readonly<Record<string, unknown>>;

const FAMILIES = Object.keys(OPERATORS) as readonly ValueFamily[];

/** One item or several: a policy may write a single value with and without brackets. */
function oneOrList<T>(item: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T | T[]> {
  return fc.oneof(
    { weight: 3, arbitrary: item },
    { weight: 2, arbitrary: fc.uniqueArray(item, { minLength: 1, maxLength }) },
  );
}

const CONFUSABLE: ReadonlySet<ValueFamily> = new Set(['number', 'date']);

/** Operator and values usually of the key's family, now and then of another. */
function conditionOn(key: ConditionKeyWords): fc.Arbitrary<Json> {
  const family = fc.oneof(
    { weight: 12, arbitrary: fc.constant(key.family) },
    // Four digits are a year to one operator and a number to another: whoever mixes those two has no case.
    {
      weight: 1,
      arbitrary: fc.constantFrom(...FAMILIES.filter((name) => !CONFUSABLE.has(name) || !CONFUSABLE.has(key.family))),
    },
  );
  const ofFamily = family.chain((name) =>
    fc.record({
      operator: fc.constantFrom(...OPERATORS[name]),
      qualifier: fc.constantFrom(
        ...(key.multiValued ? ['ForAllValues:', 'ForAnyValue:'] : ['', '', '', 'ForAllValues:', 'ForAnyValue:']),
      ),
      suffix: fc.constantFrom('', '', 'IfExists'),
      // Values of the key itself only where the operator can read them: a name is no date, and AWS refuses it as one.
      value: oneOrList(fc.constantFrom(...CONDITION_VALUES[name], ...(name === key.family ? key.values : [])), 3),
    }),
  );
  const ofNull = fc.record({
    operator: fc.constant('Null'),
    qualifier: fc.constant(''),
    suffix: fc.constant(''),
    value: fc.constantFrom<string | string[]>('true', 'false'),
  });
  const name = fc.constantFrom(key.key, key.key.toLowerCase());
  return fc
    .tuple(fc.oneof({ weight: 8, arbitrary: ofFamily }, { weight: 1, arbitrary: ofNull }), name)
    .map(([{ operator, qualifier, suffix, value }, written]) => ({
      [`${qualifier}${operator}${suffix}`]: { [written]: value },
    }));
}

function conditionBlock(keys: readonly ConditionKeyWords[], maxEntries: number): fc.Arbitrary<Json | undefined> {
  const entry = fc.constantFrom(...keys).chain(conditionOn);
  return fc.array(entry, { maxLength: maxEntries }).map((entries) => {
    if (entries.length === 0) return undefined;
    const block: Record<string, Json> = {};
    for (const [operator, test] of entries.flatMap((each) => Object.entries(each))) {
      block[operator] = { ...block[operator], ...(test as Json) };
    }
    return block;
  });
}

interface StatementOptions {
  readonly words: ActionWords;
  readonly maxConditions: number;
  /** Who is named: nobody (identity policies), or somebody. */
  readonly principal: 'none' | 'named' | 'everyone';
  readonly resource: boolean;
  /** Weight of Deny beside Allow's 3. */
  readonly denyWeight: number;
  /** Resource control policies: Version 2012-10-17, Deny, no NotAction, no action `*`. */
  readonly resourceControl?: boolean;
}

function statement(options: StatementOptions): fc.Arbitrary<Json> {
  const { words } = options;
  const control = options.resourceControl === true;
  const effect = fc.oneof(
    { weight: control ? 0 : 3, arbitrary: fc.constant('Allow') },
    { weight: options.denyWeight, arbitrary: fc.constant('Deny') },
  );
  const mostly = (element: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Json> =>
    fc
      .tuple(
        fc.oneof(
          { weight: 5, arbitrary: fc.constant(element) },
          { weight: 1, arbitrary: fc.constant(`Not${element}`) },
        ),
        values,
      )
      .map(([name, value]) => ({ [name]: value }));
  const patterns = words.patterns.filter((pattern) => !control || pattern !== '*');
  const actions = oneOrList(fc.oneof(fc.constant(words.action), fc.constantFrom(...patterns)), 2);
  const parts: fc.Arbitrary<Json>[] = [
    effect.map((Effect) => ({ Effect })),
    control ? actions.map((Action) => ({ Action })) : mostly('Action', actions),
    conditionBlock([...GLOBAL_KEYS, ...words.keys, ...words.keys], options.maxConditions).map((Condition) =>
      Condition === undefined ? {} : { Condition },
    ),
  ];
  if (options.resource) parts.push(mostly('Resource', oneOrList(fc.constantFrom(...words.resourcePatterns), 2)));
  if (options.principal === 'everyone') parts.push(fc.constant({ Principal: '*' }));
  const built = fc.tuple(...parts).map((all): Json => Object.assign({}, ...all));
  if (options.principal !== 'named') return built;
  return fc.tuple(built, fc.constantFrom(...PRINCIPAL_ELEMENTS), fc.nat(9)).map(([base, principal, kind]) => ({
    ...base,
    // NotPrincipal goes with Deny only, and in no trust policy.
    [kind < 2 && options.resource && base['Effect'] === 'Deny' && principal !== '*' ? 'NotPrincipal' : 'Principal']:
      principal,
  }));
}

function policy(options: StatementOptions, maxStatements = 3): fc.Arbitrary<Json> {
  return fc
    .tuple(
      fc.oneof(
        { weight: 12, arbitrary: fc.constant('2012-10-17') },
        { weight: options.resourceControl === true ? 0 : 1, arbitrary: fc.constantFrom('2008-10-17', undefined) },
      ),
      fc.array(statement(options), { minLength: 1, maxLength: maxStatements }),
      fc.boolean(),
    )
    .map(([Version, statements, bare]) => ({
      ...(Version === undefined ? {} : { Version }),
      Statement: bare && statements.length === 1 ? statements[0] : statements,
    }));
}

/** A guard that usually lets everything through, so that what stands behind it is reached. */
function mostlyOpen(options: StatementOptions): fc.Arbitrary<Json> {
  const everyone = options.principal === 'none' ? {} : { Principal: '*' };
  const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...everyone }] };
  const guarded = policy({ ...options, denyWeight: 3 }, 2).map((written) => ({
    ...written,
    Statement: [...open.Statement, ...[written['Statement'] as Json].flat()],
  }));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(open) },
    { weight: 3, arbitrary: guarded },
    { weight: 2, arbitrary: policy(options, 2) },
  );
}

function context(keys: readonly ConditionKeyWords[]): fc.Arbitrary<Record<string, string | string[]>> {
  const entries = keys.map((key) => {
    const value: fc.Arbitrary<string | string[]> = key.multiValued
      ? fc.uniqueArray(fc.constantFrom(...key.values), { minLength: 1, maxLength: 3 })
      : fc.constantFrom(...key.values);
    return fc.option(value, { nil: undefined, freq: 2 }).map((chosen) => [key.key, chosen] as const);
  });
  return fc
    .tuple(...entries)
    .map((all) => Object.fromEntries(all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))));
}

interface Theme {
  readonly words: readonly ActionWords[];
  readonly principals: readonly string[];
  readonly parts: (words: ActionWords) => Record<string, fc.Arbitrary<unknown>>;
}

/** Neither root nor a service has identity policies. */
const NOTHING_ATTACHED: ReadonlySet<string> = new Set([PRINCIPALS.root, PRINCIPALS.service]);

function casesOf(theme: Theme): fc.Arbitrary<EvaluationInput> {
  const perAction = theme.words.map((words) =>
    fc
      .record({
        // Root assumes no role, whatever the policies say (STS API reference, AssumeRole).
        principal: fc.constantFrom(
          ...theme.principals.filter((name) => words !== ASSUME_ROLE || name !== PRINCIPALS.root),
        ),
        target: fc.constantFrom(...words.resources),
        context: context([...GLOBAL_KEYS, ...words.keys]),
        ...theme.parts(words),
      })
      .map(({ principal, target, context: values, ...parts }) => ({
        ...withoutUndefined(parts),
        ...(NOTHING_ATTACHED.has(principal) ? { identityPolicies: [], permissionsBoundary: undefined } : {}),
        request: {
          principal,
          action: words.action,
          resource: target.arn,
          resourceAccount: target.account,
          context: values,
        },
      })),
  );
  return fc.oneof(...perAction) as fc.Arbitrary<EvaluationInput>;
}

function withoutUndefined(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** Statements without a principal, a condition at most, allowing more often than not. */
function plain(words: ActionWords): StatementOptions {
  return { words, maxConditions: 1, principal: 'none', resource: true, denyWeight: 1 };
}

function limits(words: ActionWords): Record<string, fc.Arbitrary<unknown>> {
  const own = plain(words);
  return {
    identityPolicies: fc.array(policy(own, 2), { maxLength: 2 }),
    permissionsBoundary: maybe(mostlyOpen(own)),
    resourcePolicy: maybe(policy({ ...own, principal: 'named' })),
  };
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const inAccount = (principal: string): boolean => principal.includes(`:${ACCOUNT}:`);

/** Conditions: one statement or two in one identity policy, many conditions, every operator. */
export const conditionCases = casesOf({
  words: ACTIONS,
  principals: [PRINCIPALS.user],
  parts: (words) => ({
    identityPolicies: fc
      .tuple(policy({ words, maxConditions: 3, principal: 'none', resource: true, denyWeight: 1 }, 2), fc.boolean())
      .map(([written, open]) => (open ? [written, ALLOW_ALL] : [written])),
  }),
});

/** One condition and nothing beside it, so that what it comes to is the verdict. */
export const oneConditionCases = casesOf({
  words: ACTIONS,
  principals: [PRINCIPALS.user],
  parts: ({ keys }) => ({
    identityPolicies: fc
      .tuple(
        fc.constantFrom('Allow', 'Deny'),
        fc.constantFrom(...GLOBAL_KEYS, ...keys).chain(conditionOn),
        fc.constantFrom('2012-10-17', '2008-10-17'),
      )
      .map(([Effect, Condition, Version]) => {
        const written = { Version, Statement: { Effect, Action: '*', Resource: '*', Condition } };
        return Effect === 'Allow' ? [written] : [written, ALLOW_ALL];
      }),
  }),
});

const ALLOW_ALL: Json = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

/** Identity policies, boundary and session policy, with and without a resource policy. */
export const limitCases = casesOf({
  words: ACTIONS,
  principals: [PRINCIPALS.user, PRINCIPALS.userWithPath],
  parts: limits,
});

/** The same for sessions, whose session policy limits them further. */
export const sessionCases = casesOf({
  words: ACTIONS,
  principals: [PRINCIPALS.roleSession, PRINCIPALS.federatedUser],
  parts: (words) => ({
    ...limits(words),
    sessionPolicies: maybe(fc.tuple(mostlyOpen(plain(words)))),
  }),
});

/** Resource policies over accounts, for every kind of principal. */
export const resourceCases = casesOf({
  words: [...ACTIONS, DECRYPT],
  principals: Object.values(PRINCIPALS),
  parts: (words) => {
    const own = plain(words);
    return {
      identityPolicies: fc.array(policy(own, 2), { maxLength: 2 }),
      resourcePolicy: policy({ ...own, principal: 'named' }),
    };
  },
});

/** Trust policies. */
export const trustCases = casesOf({
  words: [ASSUME_ROLE],
  principals: Object.values(PRINCIPALS),
  parts: (words) => {
    const own = plain(words);
    return {
      identityPolicies: fc.array(policy(own, 2), { maxLength: 2 }),
      permissionsBoundary: maybe(mostlyOpen(own)),
      resourcePolicy: policy({ ...own, maxConditions: 2, principal: 'named', resource: false }),
    };
  },
});

/** Service and resource control policies over two levels. */
export const organisationCases = casesOf({
  words: [...ACTIONS, ASSUME_ROLE],
  principals: Object.values(PRINCIPALS).filter(inAccount),
  parts: (words) => {
    const own = plain(words);
    const trust = words === ASSUME_ROLE;
    return {
      identityPolicies: fc.tuple(mostlyOpen(own)),
      resourcePolicy: trust
        ? policy({ ...own, principal: 'named', resource: false })
        : maybe(policy({ ...own, principal: 'named' })),
      serviceControlPolicies: fc.array(fc.array(mostlyOpen(own), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
      resourceControlPolicies: fc.array(
        fc.array(policy({ ...own, principal: 'everyone', resourceControl: true }, 2), { minLength: 1, maxLength: 2 }),
        { maxLength: 2 },
      ),
    };
  },
});

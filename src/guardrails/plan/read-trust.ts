/** A trust policy as far as a gate can say the same: how old a code may be, and an external id. */
import { type Condition, operatorName, type Statement } from '../../policy/document.ts';
import { parsePolicy } from '../../policy/parse.ts';

export type TrustReading =
  | { readonly type: 'gate'; readonly maxAgeSeconds?: number; readonly externalId?: string }
  /** What a gate in its place would drop: conditions, denials, other actions. */
  | { readonly type: 'more'; readonly parts: readonly string[] };

/** Throws StepupError `malformed-policy`. */
export function readTrust(trustPolicy: string): TrustReading {
  const readings = parsePolicy(trustPolicy, 'trust').statements.map(readStatement);
  const parts = readings.flatMap((one) => (one.type === 'more' ? one.parts : []));
  if (parts.length > 0) return { type: 'more', parts: [...new Set(parts)] };
  const [first = { type: 'gate' }, ...others] = readings;
  const same = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return same ? first : { type: 'more', parts: ['conditions that differ by statement'] };
}

function readStatement({ effect, principal, action, conditions }: Statement): TrustReading {
  const parts = conditions.filter((condition) => !isOfGate(condition)).map(({ key }) => `a condition on ${key}`);
  if (effect === 'Deny') parts.push('a denial');
  if (principal?.negated === true) parts.push('NotPrincipal');
  if (principal?.values.some(({ value }) => value === '*') === true) parts.push('anybody');
  // `*` and `sts:*` let people tag their sessions as well.
  const others = action.values.filter((value) => value.toLowerCase() !== 'sts:assumerole');
  if (action.negated) parts.push('NotAction');
  else parts.push(...others.map((value) => `the action ${value}`));
  if (parts.length > 0) return { type: 'more', parts };
  const ages = valuesOf(conditions, 'aws:multifactorauthage').map(Number);
  const [externalId] = valuesOf(conditions, 'sts:externalid');
  return {
    type: 'gate',
    ...(ages.length > 0 && { maxAgeSeconds: Math.min(...ages, LONGEST_SECONDS) }),
    ...(externalId !== undefined && { externalId }),
  };
}

/** 36 hours: no MFA session lives longer (STS API Reference, GetSessionToken). */
const LONGEST_SECONDS = 129_600;

/** The keys that a gate speaks of, with what it can say of them. */
const OF_GATE: Readonly<
  Record<string, { readonly operators: RegExp; readonly takes: (values: readonly string[]) => boolean }>
> = {
  'aws:multifactorauthpresent': {
    operators: /^Bool(IfExists)?$/,
    takes: ([value, second]) => value === 'true' && second === undefined,
  },
  'aws:multifactorauthage': {
    operators: /^NumericLessThan(Equals)?(IfExists)?$/,
    takes: ([value, second]) => /^\d{1,9}$/.test(value ?? '') && Number(value) >= 60 && second === undefined,
  },
  'sts:externalid': { operators: /^StringEquals$/, takes: (values) => values.length === 1 },
};

function isOfGate(condition: Condition): boolean {
  const rule = OF_GATE[condition.key.toLowerCase()];
  return rule?.operators.test(operatorName(condition)) === true && rule.takes(condition.values);
}

function valuesOf(conditions: readonly Condition[], key: string): readonly string[] {
  return conditions.filter((condition) => condition.key.toLowerCase() === key).flatMap(({ values }) => values);
}

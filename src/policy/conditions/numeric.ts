import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: Numeric. Integers and decimals; a number may come as a string. */
export const numericOperators: readonly ConditionOperator[] = [
  { name: 'NumericEquals', negated: false, compile: comparing((order) => order === 0) },
  { name: 'NumericNotEquals', negated: true, compile: comparing((order) => order === 0) },
  { name: 'NumericLessThan', negated: false, compile: comparing((order) => order < 0) },
  { name: 'NumericLessThanEquals', negated: false, compile: comparing((order) => order <= 0) },
  { name: 'NumericGreaterThan', negated: false, compile: comparing((order) => order > 0) },
  { name: 'NumericGreaterThanEquals', negated: false, compile: comparing((order) => order >= 0) },
];

/** Up to this many characters a double holds every decimal exactly enough to keep two different ones apart. */
const EXACT_AS_DOUBLE = 15;

function comparing(holds: (order: number) => boolean): (wanted: string) => ValueTest | undefined {
  return (wanted) => {
    if (!isDecimal(wanted)) return undefined;
    return (value) => isDecimal(value) && holds(compareDecimals(value, wanted));
  };
}

/** Longer than this is no number that anybody compares, and exact arithmetic on it isn't linear. */
const MAX_LENGTH = 100;

function isDecimal(text: string): boolean {
  return text.length <= MAX_LENGTH && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text);
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
function compareDecimals(a: string, b: string): number {
  if (a.length <= EXACT_AS_DOUBLE && b.length <= EXACT_AS_DOUBLE) return Number(a) - Number(b);
  const decimals = Math.max(fractionLength(a), fractionLength(b));
  const difference = scaled(a, decimals) - scaled(b, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function fractionLength(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** The decimal times ten to the power of `decimals`. */
function scaled(text: string, decimals: number): bigint {
  const digits = text.replace(/[+.-]/g, '') + '0'.repeat(decimals - fractionLength(text));
  const magnitude = BigInt(digits);
  return text.startsWith('-') ? -magnitude : magnitude;
}

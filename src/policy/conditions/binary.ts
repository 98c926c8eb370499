import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: Binary. Both sides are base64, compared byte by byte. */
export const binaryOperators: readonly ConditionOperator[] = [{ name: 'BinaryEquals', negated: false, compile }];

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function compile(wanted: string): ValueTest | undefined {
  const wantedBytes = decode(wanted);
  return wantedBytes && ((value) => decode(value)?.equals(wantedBytes) === true);
}

function decode(text: string): Buffer | undefined {
  return BASE64.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined;
}

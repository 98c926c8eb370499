import { parseBoolean } from './bool.ts';

/**
 * `Null` asks whether the key is absent: it is where the request has no value for it, or only empty ones
 * (IAM User Guide, condition operators: Null).
 */
export function holdsNull(wanted: readonly string[], values: readonly string[] | undefined): boolean {
  const isAbsent = values === undefined || isEmptySet(values);
  return wanted.some((text) => parseBoolean(text) === isAbsent);
}

/** No value, or none but empty strings: what AWS calls a null data set. */
export function isEmptySet(values: readonly string[]): boolean {
  return values.every((value) => value === '');
}

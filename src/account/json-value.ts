/**
 * Values of a JSON answer taken apart strictly: each reader gives the type that is asked for or throws StepupError
 * `malformed-account`, with the JSON path of what is wrong. Fields nobody asks for are let be: AWS adds some every year.
 */
import { StepupError } from '../errors.ts';

/** A value and where it stands (`$.UserDetailList[2].Arn`). */
export interface JsonValue {
  readonly value: unknown;
  readonly path: string;
}

/** The error for something wrong at a place. */
export function malformed(at: JsonValue, problem: string): StepupError<'malformed-account'> {
  return new StepupError('malformed-account', { path: at.path, problem });
}

/** A field of an object, which may be absent (`value` undefined; JSON's null counts as absent). */
export function field(at: JsonValue, name: string): JsonValue {
  const { value } = at;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(at, `must be an object, and is ${kindOf(value)}`);
  }
  const found: unknown = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return { value: found ?? undefined, path: `${at.path}.${name}` };
}

export function isAbsent(at: JsonValue): boolean {
  return at.value === undefined;
}

/** A string that isn't empty. */
export function text(at: JsonValue): string {
  if (typeof at.value !== 'string') throw malformed(at, `must be a string, and is ${kindOf(at.value)}`);
  if (at.value === '') throw malformed(at, 'must not be empty');
  return at.value;
}

/** A list, each item read by `read`; an absent one is empty. */
export function list<T>(at: JsonValue, read: (item: JsonValue) => T): readonly T[] {
  if (isAbsent(at)) return [];
  if (!Array.isArray(at.value)) throw malformed(at, `must be a list, and is ${kindOf(at.value)}`);
  return at.value.map((value: unknown, index) => read({ value, path: `${at.path}[${index}]` }));
}

/** A list that must be there. */
export function demandedList<T>(at: JsonValue, read: (item: JsonValue) => T): readonly T[] {
  if (isAbsent(at)) throw malformed(at, 'is missing');
  return list(at, read);
}

/** A date as an SDK's Date or as text (the CLI's ISO 8601, Python's `2024-01-31 10:00:00+00:00`): epoch milliseconds. */
export function timestamp(at: JsonValue): number {
  const ms = at.value instanceof Date ? at.value.getTime() : Date.parse(text(at));
  if (Number.isNaN(ms)) throw malformed(at, 'must be a date');
  return ms;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Pages of a list: at most MaxItems (100 if not said), and a Marker that says where to go on. The marker holds the last
 * key that was given, so that what comes and goes between two pages neither repeats nor hides the others.
 */
import type { XmlValue } from '../operation.ts';
import type { PageInput } from './parameters.ts';
import { validationError } from './refusals.ts';

const DEFAULT_ITEMS = 100;
const MARK = 'after:';

export interface Page<T> {
  readonly items: readonly T[];
  /** `IsTruncated`, and `Marker` if there is more. */
  readonly rest: { readonly [element: string]: XmlValue };
}

/** `items` in the order of `keyOf`, whose values are unique. Throws the Refusal `ValidationError` for a foreign marker. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, input: PageInput): Page<T> {
  const size = input.MaxItems ?? DEFAULT_ITEMS;
  const start = input.Marker === undefined ? 0 : startAfter(items, keyOf, input.Marker);
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const goesOn = start + size < items.length && last !== undefined;
  return { items: page, rest: restAfter(goesOn ? keyOf(last) : undefined) };
}

/** The same for what is counted and not listed, since nobody could hold it all: item `index` of `count`. */
export function pageOfCounted<T>(count: number, itemAt: (index: number) => T, input: PageInput): Page<T> {
  const start = input.Marker === undefined ? 0 : indexIn(input.Marker) + 1;
  const end = Math.min(count, start + (input.MaxItems ?? DEFAULT_ITEMS));
  const items: T[] = [];
  for (let index = start; index < end; index++) items.push(itemAt(index));
  return { items, rest: restAfter(end < count ? String(end - 1) : undefined) };
}

function restAfter(lastKey: string | undefined): Page<unknown>['rest'] {
  return lastKey === undefined
    ? { IsTruncated: false }
    : { IsTruncated: true, Marker: Buffer.from(MARK + lastKey).toString('base64url') };
}

/** Where the first item stands that comes after the marker's. */
function startAfter<T>(items: readonly T[], keyOf: (item: T) => string, marker: string): number {
  const key = keyIn(marker);
  const exact = items.findIndex((item) => keyOf(item) === key);
  if (exact >= 0) return exact + 1;
  const next = items.findIndex((item) => keyOf(item) > key);
  return next >= 0 ? next : items.length;
}

function keyIn(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith(MARK)) throw invalidMarker();
  return text.slice(MARK.length);
}

function indexIn(marker: string): number {
  const key = keyIn(marker);
  if (!/^\d{1,15}$/.test(key)) throw invalidMarker();
  return Number(key);
}

function invalidMarker() {
  return validationError('Invalid Marker.');
}

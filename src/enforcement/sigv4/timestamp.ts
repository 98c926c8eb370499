/** Dates of signatures: ISO 8601 basic format in UTC, `20240131T235959Z`, and the older `Date` header. */
import { isoSeconds } from '../iso-seconds.ts';

const ZERO = 0x30;

/** Epoch milliseconds of `YYYYMMDDTHHMMSSZ`; undefined for anything else, such as a 31st of February. */
export function parseTimestamp(text: string): number | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined;
  const year = numberIn(text, 0, 4);
  const month = numberIn(text, 4, 6);
  const day = numberIn(text, 6, 8);
  const hour = numberIn(text, 9, 11);
  const minute = numberIn(text, 11, 13);
  const second = numberIn(text, 13, 15);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const timeMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // Every month has 28 days; Date.UTC takes a 31st of February for a day of March, and 24 for 1924.
  return year > 99 && (day <= 28 || new Date(timeMs).getUTCDate() === day) ? timeMs : undefined;
}

/** The number that the digits from `start` to before `end` make. */
function numberIn(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

export function formatTimestamp(timeMs: number): string {
  return isoSeconds(timeMs).replaceAll(/[-:]/g, '');
}

export interface SignatureDate {
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  readonly signedAtMs: number;
}

/** What an `x-amz-date` or `Date` header says (ISO 8601 basic, or RFC 9110's form); undefined if it is no date. */
export function readDateHeader(value: string): SignatureDate | undefined {
  const signedAtMs = parseTimestamp(value);
  if (signedAtMs !== undefined) return { timestamp: value, signedAtMs };
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return undefined;
  const timeMs = Date.parse(value);
  return Number.isNaN(timeMs) ? undefined : { timestamp: formatTimestamp(timeMs), signedAtMs: timeMs };
}

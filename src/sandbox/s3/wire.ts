import { isoSeconds } from '../../enforcement/iso-seconds.ts';

/** ISO 8601 as S3's XML has it. S3 keeps whole seconds, and writes milliseconds all the same. */
export function wireTime(timeMs: number): string {
  return isoSeconds(timeMs).replace('Z', '.000Z');
}

/** RFC 9110's form of a date, as headers have it. */
export function httpTime(timeMs: number): string {
  return new Date(timeMs).toUTCString();
}

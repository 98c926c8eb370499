import type { ConditionOperator, ValueTest } from './operator.ts';

/** IAM User Guide, condition operators: Date. ISO 8601 (W3C's profile of it) or seconds since 1970. */
export const dateOperators: readonly ConditionOperator[] = [
  { name: 'DateEquals', negated: false, compile: comparing((difference) => difference === 0) },
  { name: 'DateNotEquals', negated: true, compile: comparing((difference) => difference === 0) },
  { name: 'DateLessThan', negated: false, compile: comparing((difference) => difference < 0) },
  { name: 'DateLessThanEquals', negated: false, compile: comparing((difference) => difference <= 0) },
  { name: 'DateGreaterThan', negated: false, compile: comparing((difference) => difference > 0) },
  { name: 'DateGreaterThanEquals', negated: false, compile: comparing((difference) => difference >= 0) },
];

const ISO_8601 =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:t(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(\.\d{1,9})?)?)?)?(z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const EPOCH_SECONDS = /^\d{1,18}(?:\.\d{1,9})?$/;
const YEAR_ALONE = /^\d{4}$/;
/** The years that a Date can hold; what lies beyond is as good as the last of them. */
const FIRST_YEAR = -271_820;
const LAST_YEAR = 275_759;

function comparing(holds: (difference: number) => boolean): (wanted: string) => ValueTest | undefined {
  return (wanted) => {
    const wantedMs = parseDate(wanted);
    if (wantedMs === undefined) return undefined;
    return (value) => {
      const valueMs = parseDate(value);
      return valueMs !== undefined && holds(valueMs - wantedMs);
    };
  };
}

/**
 * Epoch milliseconds, with fractions; undefined for what is no date. Without a zone the time is UTC. Four digits alone
 * are a year (W3C's `YYYY`), not seconds after 1970. As lenient about missing and short fields as IAM is when it takes
 * a policy.
 */
export function parseDate(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text) && !YEAR_ALONE.test(text)) return Number(text) * 1000;
  const match = ISO_8601.exec(text);
  if (match === null) return undefined;
  const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '0', zone = 'z'] = match;
  const midnight = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  midnight.setUTCFullYear(Math.min(Math.max(Number(year), FIRST_YEAR), LAST_YEAR), Number(month) - 1, Number(day));
  // A month or a day that isn't there would have led into another month.
  const exists = midnight.getUTCMonth() === Number(month) - 1;
  if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second) + Number(fraction);
  const offset = zoneMinutes(zone);
  return offset === undefined ? undefined : midnight.getTime() + seconds * 1000 - offset * 60_000;
}

/** Minutes east of Greenwich. */
function zoneMinutes(zone: string): number | undefined {
  if (zone === 'z' || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

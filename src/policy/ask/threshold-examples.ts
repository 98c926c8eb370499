/**
 * Values that tell ordered conditions apart: each number (date, address) a policy compares with, and one from every gap
 * between, below and above them. All values of a gap satisfy the same comparisons, so nothing is missed.
 */
import { parseDate } from '../conditions/date.ts';
import { parseNetwork } from '../conditions/ip.ts';

export interface Examples {
  readonly values: readonly string[];
  /** False where a gap has a value that can't be written: something may be missing. */
  readonly complete: boolean;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** For the Numeric operators. What isn't a number among `compared` matches nothing and needs no example. */
export function numberExamples(compared: readonly string[]): Examples {
  const decimals = compared.flatMap((text) => {
    const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
    return sign === undefined || whole + fraction === '' ? [] : [{ negative: sign === '-', whole, fraction }];
  });
  // One digit more than any of them has, so that there is room between two neighbours.
  const digits = Math.max(0, ...decimals.map(({ fraction }) => fraction.length)) + 1;
  const unit = 10n ** BigInt(digits);
  const points = decimals.map(({ negative, whole, fraction }) => {
    const magnitude = BigInt(whole + fraction.padEnd(digits, '0'));
    return negative ? -magnitude : magnitude;
  });
  const values = pointsAndGaps(points, unit).map((scaled) => {
    const magnitude = scaled < 0n ? -scaled : scaled;
    const fraction = (magnitude % unit).toString().padStart(digits, '0').replace(/0+$/, '');
    return `${scaled < 0n ? '-' : ''}${magnitude / unit}${fraction === '' ? '' : `.${fraction}`}`;
  });
  return { values, complete: true };
}

const DAY_MS = 86_400_000n;

/** For the Date operators, to the millisecond. */
export function dateExamples(compared: readonly string[]): Examples {
  const times = compared.map(parseDate).filter((time) => time !== undefined);
  const values = pointsAndGaps(times.filter(Number.isInteger).map(BigInt), DAY_MS)
    .map((ms) => isoDate(Number(ms)))
    .filter((text) => text !== undefined && parseDate(text) !== undefined);
  const wanted = pointsAndGaps(
    times.map((time) => BigInt(Math.floor(time))),
    DAY_MS,
  ).length;
  const apart = sortedUnique(times).every((time, index, all) => index === 0 || time - (all[index - 1] ?? time) > 1);
  return { values: values as string[], complete: times.every(Number.isInteger) && apart && values.length === wanted };
}

function isoDate(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
}

/** For IpAddress and NotIpAddress: networks are nested or apart, so their borders tell all addresses apart. */
export function addressExamples(compared: readonly string[]): Examples {
  const networks = compared.map(parseNetwork).filter((network) => network !== undefined);
  const values = [4, 16].flatMap((length) => {
    const last = (1n << BigInt(length * 8)) - 1n;
    const borders = networks
      .filter(({ address }) => address.length === length)
      .flatMap(({ address, prefix }) => {
        const size = 1n << BigInt(length * 8 - prefix);
        const start = (numberOf(address) / size) * size;
        return [start, start + size];
      });
    const starts = sortedUnique([0n, ...borders]).filter((start) => start <= last);
    // The second address of a stretch reads more like somebody's than the first.
    return starts.map((start, index) => {
      const end = starts[index + 1] ?? last + 1n;
      return addressText(start + 1n < end ? start + 1n : start, length);
    });
  });
  return { values, complete: true };
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function addressText(value: bigint, length: number): string {
  const digits = value.toString(16).padStart(length * 2, '0');
  if (length === 4) return [0, 2, 4, 6].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).join('.');
  return Array.from({ length: 8 }, (_, group) =>
    Number.parseInt(digits.slice(group * 4, group * 4 + 4), 16).toString(16),
  ).join(':');
}

/** Each point, one value above it and below the next, and one below all: a whole `unit` away where there is room. */
function pointsAndGaps(points: readonly bigint[], unit: bigint): readonly bigint[] {
  const sorted = sortedUnique(points);
  const [lowest] = sorted;
  if (lowest === undefined) return [0n];
  const above = sorted.map((point, index) => {
    const next = sorted[index + 1];
    return next === undefined || point + unit < next ? point + unit : point + 1n;
  });
  return sortedUnique([lowest - unit, ...sorted, ...above]);
}

function sortedUnique<T extends bigint | number>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort((one, two) => (one < two ? -1 : 1));
}

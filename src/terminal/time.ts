/** Times and spans as a person reads them. */

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A span in its two largest units, rounded down: `11 h 59 min`, `45 s`, `2 d`. Negative spans count as none. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  const first = UNITS.findIndex(([size]) => rest >= size);
  for (const [size, unit] of first === -1 ? UNITS.slice(-1) : UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length === 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** The machine's local time: `17:05` on the day of `nowMs`, else with the date: `Tue 3 Feb 05:00`. */
export function formatLocalTime(epochMs: number, nowMs: number): string {
  const then = new Date(epochMs);
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`;
  if (then.toDateString() === new Date(nowMs).toDateString()) return time;
  const [weekday, month, day, year] = then.toDateString().split(' ');
  const sameYear = then.getFullYear() === new Date(nowMs).getFullYear();
  return `${weekday} ${Number(day)} ${month}${sameYear ? '' : ` ${year}`} ${time}`;
}

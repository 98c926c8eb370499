import { expect, it } from 'vitest';
import { Traffic } from './traffic.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

it.each([-15, 0, 15])('goes by the date of answers, %d minutes from this machine’s', (minutes) => {
  let machineMs = NOON;
  const traffic = new Traffic(() => machineMs);
  expect(traffic.now()).toBe(NOON);
  traffic.onTime(NOON + minutes * MINUTE);
  machineMs += MINUTE;
  expect(traffic.now()).toBe(NOON + (minutes + 1) * MINUTE);
});

it.each([-1, 1])('tells no time by answers that AWS can’t have dated (%d: before or after this machine)', (sign) => {
  const traffic = new Traffic(() => NOON);
  traffic.onTime(NOON + sign * (15 * MINUTE + 1000));
  const misdated = { code: 'answer-misdated', fields: { aheadSeconds: -sign * 901 } };
  expect(traffic.now).toThrow(expect.objectContaining(misdated));
  traffic.onTime(NOON);
  expect(traffic.now()).toBe(NOON);
});

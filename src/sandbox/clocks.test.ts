import { describe, expect, it } from 'vitest';
import { createClocks } from './clocks.ts';
import { createState } from './state.ts';

const noonMs = Date.UTC(2026, 5, 1, 12);

function setUp() {
  const machine = { nowMs: noonMs };
  const store = createState({ visibleAfterMs: 0, now: () => machine.nowMs });
  return { machine, store, clocks: createClocks(store, () => machine.nowMs) };
}

describe("the authority's clock", () => {
  it('goes with the machine until it is moved, and on from where it was moved to', () => {
    const { machine, clocks } = setUp();
    expect(clocks.authority()).toBe(noonMs);
    clocks.advance(60_000);
    machine.nowMs += 1_000;
    expect(clocks.authority()).toBe(noonMs + 61_000);
    clocks.advance(-30_000);
    expect(clocks.authority()).toBe(noonMs + 31_000);
    clocks.set(Date.UTC(2030, 0));
    machine.nowMs += 500;
    expect(clocks.authority()).toBe(Date.UTC(2030, 0) + 500);
    clocks.reset();
    expect(clocks.authority()).toBe(machine.nowMs);
    expect(clocks.machine()).toBe(machine.nowMs);
  });

  it('can have a base of its own', () => {
    const { store, machine } = setUp();
    const clocks = createClocks(
      store,
      () => machine.nowMs,
      () => 5e11,
    );
    clocks.advance(1_000);
    expect([clocks.machine(), clocks.authority()]).toEqual([noonMs, 5e11 + 1_000]);
  });

  it('stays moved over a restart', () => {
    const { machine, store, clocks } = setUp();
    clocks.advance(7_000);
    expect(createClocks(store, () => machine.nowMs).aheadMs()).toBe(7_000);
  });

  it('does not leave the years that dates can be written in', () => {
    const { clocks } = setUp();
    for (const move of [-noonMs, Number.MAX_SAFE_INTEGER, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => clocks.advance(move)).toThrow(RangeError);
    }
    expect(clocks.authority()).toBe(noonMs);
  });
});

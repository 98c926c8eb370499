import type { Clocks } from '../enforcement/ports.ts';
import type { Store } from './store.ts';

/** The two clocks of a sandbox; the authority's can be moved, and stays moved over a restart. */
export interface MovableClocks extends Clocks {
  /** How far the authority's clock is ahead of the one it is based on. */
  aheadMs(): number;
  /** Further ahead by this much (or back). Throws RangeError outside the years 1971 to 9999. */
  advance(ms: number): void;
  /** To this moment, from which it goes on. Throws RangeError outside the years 1971 to 9999. */
  set(nowMs: number): void;
  /** Back to the clock it is based on. */
  reset(): void;
}

const earliestMs = Date.UTC(1971, 0);
const latestMs = Date.UTC(9999, 11, 31);
const row = 'authority';

/** `base` is what the authority's clock shows as long as nobody moves it: the machine's, if not given. */
export function createClocks(store: Store, machine: () => number, base: () => number = machine): MovableClocks {
  let aheadMs = store.get('clocks', row)?.aheadMs ?? 0;

  function moveTo(ahead: number): void {
    const nowMs = base() + ahead;
    if (!(nowMs >= earliestMs && nowMs <= latestMs))
      throw new RangeError('the clock would leave the years 1971 to 9999');
    store.commit([{ table: 'clocks', key: row, value: { aheadMs: ahead } }]);
    aheadMs = ahead;
  }

  return {
    machine,
    authority: () => base() + aheadMs,
    aheadMs: () => aheadMs,
    advance: (ms) => moveTo(aheadMs + ms),
    set: (nowMs) => moveTo(nowMs - base()),
    reset: () => moveTo(0),
  };
}

import { describe, expect, it } from 'vitest';
import { createState } from './state.ts';
import type { Change } from './store.ts';

const name = (key: string): Change => ({ table: 'names', key, value: { id: `id of ${key}` } });

describe('a state with delayed visibility', () => {
  function setUp() {
    const clock = { nowMs: 1_000_000 };
    const state = createState({ visibleAfterMs: 5_000, now: () => clock.nowMs });
    return { clock, state };
  }

  it('shows a new entity late, but knows it at once', () => {
    const { clock, state } = setUp();
    state.commit([name('a/ann')]);
    expect(state.get('names', 'a/ann')).toEqual({ id: 'id of a/ann' });
    clock.nowMs += 4_999;
    expect(state.visible('names', 'a/ann')).toBeUndefined();
    expect(state.list('names', 'a/')).toEqual([]);
    clock.nowMs += 1;
    expect(state.visible('names', 'a/ann')).toEqual({ id: 'id of a/ann' });
    expect(state.list('names', 'a/')).toEqual([{ id: 'id of a/ann' }]);
  });

  it('does not hide one again that is changed, but does one that is made anew', () => {
    const { clock, state } = setUp();
    state.commit([name('a/ann')]);
    clock.nowMs += 5_000;
    state.commit([{ table: 'names', key: 'a/ann', value: { id: 'other' } }]);
    expect(state.visible('names', 'a/ann')).toEqual({ id: 'other' });
    state.commit([{ table: 'names', key: 'a/ann', value: null }]);
    expect(state.visible('names', 'a/ann')).toBeUndefined();
    state.commit([name('a/ann')]);
    expect(state.visible('names', 'a/ann')).toBeUndefined();
  });

  it('does not hide one for ages when the clock is set back', () => {
    const { clock, state } = setUp();
    state.commit([name('a/ann')]);
    clock.nowMs -= 100_000;
    expect(state.visible('names', 'a/ann')).toBeDefined();
  });

  it('holds nothing back that is not of IAM, or was there at the start', () => {
    const { state } = setUp();
    state.commit([{ table: 'totpSteps', key: 'serial', value: { lastStep: 1 } }]);
    expect(state.visible('totpSteps', 'serial')).toEqual({ lastStep: 1 });
    state.restore(name('a/bob'));
    expect(state.visible('names', 'a/bob')).toBeDefined();
  });
});

it('lists by prefix, in the order of keys', () => {
  const state = createState({ visibleAfterMs: 0, now: () => 0 });
  state.commit(['b/1', 'a/2', 'a/1', 'a', 'a/10'].map(name));
  expect(state.list('names', 'a/').map(({ id }) => id)).toEqual(['id of a/1', 'id of a/10', 'id of a/2']);
  expect(state.list('names', 'c')).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import type { LastUse, ListedKey } from '../aws/iam-access-keys.ts';
import { isLostKey } from './lost-key.ts';
import type { BegunRotation } from './rotation-journal.ts';

const BEGUN: BegunRotation = {
  profile: 'work',
  oldKeyId: 'AKIAOLD',
  keyIdsBefore: ['AKIAOLD'],
  startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
};
const NAMED = { ...BEGUN, newKeyId: 'AKIANEW' };
const NEVER: LastUse = { type: 'never' };
const used = (service: string): LastUse => ({ type: 'used', usedAtMs: BEGUN.startedAtMs, service });
const key = (accessKeyId: string, secondsAfter = 1): ListedKey => ({
  accessKeyId,
  active: true,
  createdAtMs: BEGUN.startedAtMs + secondsAfter * 1000,
});

describe('a key is lost', () => {
  it('if it was not there before, is newer, and was never used', () => {
    expect(isLostKey(key('AKIANEW'), NEVER, BEGUN)).toBe(true);
    expect(isLostKey(key('AKIANEW'), NEVER, NAMED)).toBe(true);
  });

  it('also when it was used to prove that it works, if AWS named it to us', () => {
    expect(isLostKey(key('AKIANEW'), used('sts'), NAMED)).toBe(true);
  });

  it.each([0, -250, 300, 400])('by a clock that makes it %i s newer', (seconds) => {
    expect(isLostKey(key('AKIANEW', seconds), NEVER, BEGUN)).toBe(true);
  });
});

describe('a key is somebody’s', () => {
  it('that was there before', () => {
    expect(isLostKey(key('AKIAOLD'), NEVER, BEGUN)).toBe(false);
  });

  it('that was used, by whom we can’t know', () => {
    expect(isLostKey(key('AKIANEW'), used('sts'), BEGUN)).toBe(false);
    expect(isLostKey(key('AKIANEW'), used('s3'), NAMED)).toBe(false);
  });

  it('that is another than the one AWS named to us', () => {
    expect(isLostKey(key('AKIAOTHER'), NEVER, NAMED)).toBe(false);
  });

  it.each([-301, -86_400, 421, 86_400])('that was made %i s after the rotation began', (seconds) => {
    expect(isLostKey(key('AKIANEW', seconds), NEVER, BEGUN)).toBe(false);
  });
});

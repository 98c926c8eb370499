import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { livelySource } from './lively-source.ts';
import type { CodeRequest, CodeSource } from './source.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const REQUEST: CodeRequest = {
  profile: 'work',
  serialNumber: 'GAHT12345678',
  host: 'sts.amazonaws.com',
  askedBy: 'a test',
  attempt: 1,
  refused: [],
};

const source = (code: CodeSource['code']): CodeSource => ({
  name: 'zenity',
  tellsPerson: true,
  madeHere: false,
  tries: 3,
  code,
});

describe('a source that is asked for long', () => {
  it('gives a sign every few seconds until it has answered, and none afterwards', async () => {
    const sign = vi.fn();
    const asked = livelySource(
      source(() => new Promise((resolve) => setTimeout(() => resolve('123456'), 90_000))),
      sign,
    ).code(REQUEST, undefined);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sign.mock.calls.length).toBeGreaterThanOrEqual(11);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await asked).toBe('123456');
    const signs = sign.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sign).toHaveBeenCalledTimes(signs);
  });

  it('gives none after it has failed', async () => {
    const sign = vi.fn();
    const failing = livelySource(
      source(() => Promise.reject(new Error('left'))),
      sign,
    );
    await expect(failing.code(REQUEST, undefined)).rejects.toThrow('left');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sign).not.toHaveBeenCalled();
  });
});

import { expect, it } from 'vitest';
import { fakeTerminal } from '../../test/support/fake-terminal.ts';
import { isStepupError } from '../errors.ts';
import { countDown } from './countdown.ts';

const words = (seconds: number): string => `in ${seconds} s`;

it('counts down, and takes its line away', async () => {
  const { output, screen } = fakeTerminal();
  const begun = Date.now();
  const now = (): number => (Date.now() - begun) * 50;
  await countDown(output, { untilMs: 3_000, now, words, during: 'the wait', signal: undefined });
  expect(screen()).toContain('in 3 s');
  expect(screen().endsWith('\r\u001b[K')).toBe(true);
});

it('ends at once when it is interrupted', async () => {
  const { output, shows } = fakeTerminal();
  const interruption = new AbortController();
  const options = { untilMs: Date.now() + 60_000, now: Date.now, words, during: 'the wait' };
  const waited = countDown(output, { ...options, signal: interruption.signal });
  await shows('in 60 s');
  interruption.abort();
  const error: unknown = await waited.catch((reason: unknown) => reason);
  expect(isStepupError(error, 'interrupted') && error.fields).toEqual({ during: 'the wait' });
});

import { expect, it } from 'vitest';
import { describeEnding } from './ending.ts';
import type { ProgramOutcome } from './run.ts';

const exited = (stderr: string): ProgramOutcome => ({ type: 'exited', code: 3, stdout: 'secret', stderr });

it.each<[ProgramOutcome, string]>([
  [exited(''), 'ended with exit code 3'],
  [exited(' \n'), 'ended with exit code 3'],
  [exited('usage: vault [--token TOKEN]\r\nvault: it is sealed\r\n\n'), 'ended with exit code 3: vault: it is sealed'],
  [{ type: 'killed', signal: 'SIGTERM', stderr: 'x' }, 'was ended by SIGTERM'],
  [{ type: 'timed-out' }, 'gave no answer in 90 s'],
  [{ type: 'too-much-output' }, 'printed more than any answer has'],
  [{ type: 'not-started', detail: 'ENOENT' }, "isn't there, or what its first line names isn't"],
  [{ type: 'not-started', detail: 'EACCES' }, 'could not be started (EACCES)'],
])('describes %j', (outcome, words) => {
  expect(describeEnding(outcome, 90_000)).toBe(words);
});

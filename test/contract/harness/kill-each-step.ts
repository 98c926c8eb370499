import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ChildResult } from './child.ts';
import type { Environment } from './clean-environment.ts';

const KILL_AT = fileURLToPath(new URL('kill-at.mjs', import.meta.url));

/**
 * Runs a command of stepup again and again, each time killed one step later than before, until it comes to its end.
 * Answers how many steps it was killed at.
 * @param run the command, from the start, in its environment and this
 * @param afterwards what must hold after each kill; brings everything back to the start
 */
export async function killAtEachStep(
  run: (kill: Environment) => Promise<ChildResult>,
  afterwards: (step: number) => Promise<void>,
): Promise<number> {
  for (let step = 1; ; step += 1) {
    const cut = await run({ NODE_OPTIONS: `--import ${KILL_AT}`, KILL_AT: String(step) });
    if (cut.exitCode === 0) return step - 1;
    expect(['SIGKILL', 137], cut.stderr).toContain(cut.signal ?? cut.exitCode);
    await afterwards(step);
  }
}

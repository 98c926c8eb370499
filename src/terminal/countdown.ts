/** Seconds that pass where a person sees them. */
import { setTimeout } from 'node:timers/promises';
import { StepupError } from '../errors.ts';
import type { PersonTerminal } from './controlling.ts';

export interface CountDown {
  /** Epoch milliseconds. */
  readonly untilMs: number;
  readonly now: () => number;
  /** The line, one that fits the screen: `The next code comes in 12 s.` */
  readonly words: (secondsLeft: number) => string;
  /** What is waited for, in the words of the error when the person leaves. */
  readonly during: string;
  readonly signal: AbortSignal | undefined;
}

const CLEAR_LINE = '\r\u001b[K';

/** Shows the seconds until then, and takes the line away. Throws `interrupted` when the signal is aborted. */
export async function countDown(output: PersonTerminal['output'], count: CountDown): Promise<void> {
  const { untilMs, now, words, during, signal } = count;
  try {
    for (let leftMs = untilMs - now(); leftMs > 0; leftMs = untilMs - now()) {
      output.write(`${CLEAR_LINE}${words(Math.ceil(leftMs / 1000))}`);
      // To the next full second, and no longer: a machine that slept is told at once.
      await setTimeout(leftMs % 1000 || 1000, undefined, signal === undefined ? {} : { signal });
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new StepupError('interrupted', { during });
  } finally {
    output.write(CLEAR_LINE);
  }
}

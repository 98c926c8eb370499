/** Trying again what AWS refuses for the moment: it is busy, or a part of it doesn't know yet of what another has made. */
import { isStepupError, StepupError } from '../errors.ts';

export interface Patience {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Waits; rejects when the person leaves. */
  readonly pause: (ms: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/**
 * Does the work until it succeeds, fails for another reason, or `boundMs` are over; then with its last error. The work
 * must be one that may be done twice, or whose passing errors say that nothing was done.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  boundMs: number,
  { now, pause }: Patience,
): Promise<T> {
  const endMs = now() + boundMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || now() + pauseMs > endMs) throw error;
      await pause(pauseMs);
    }
  }
}

/** AWS did nothing, and says that it would have at another moment (IAM API Reference, Common Errors). */
export function isBusy(error: unknown): boolean {
  return (
    isStepupError(error, 'aws-refused') &&
    /^(Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException)$/.test(error.fields.awsCode)
  );
}

/** A pause that ends with `interrupted` when the signal aborts. */
export function pauseUnless(signal: AbortSignal, during: string): Patience['pause'] {
  return (ms) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(new StepupError('interrupted', { during }));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
}

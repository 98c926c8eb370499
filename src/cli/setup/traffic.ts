/** What a command's requests tell beside their answers: how many there were, and what time it is at AWS. */
import type { Connection } from '../../aws/connection.ts';
import { StepupError } from '../../errors.ts';

/** The most that AWS takes between a request's date and its own clock: S3 does, IAM and STS five minutes. */
const CLOCKS_APART_MS = 15 * 60_000;

export class Traffic implements Pick<Connection, 'onRequest' | 'onTime'> {
  readonly #machineNow: () => number;
  #aheadMs = 0;
  #requests = 0;

  /** @param machineNow epoch milliseconds, by this machine's clock */
  constructor(machineNow: () => number) {
    this.#machineNow = machineNow;
  }

  readonly onRequest = (): void => {
    this.#requests += 1;
  };

  readonly onTime = (serverTimeMs: number): void => {
    this.#aheadMs = this.#machineNow() - serverTimeMs;
  };

  /**
   * Epoch milliseconds by AWS's clock, which dates what AWS holds against it; until it was heard of, by this machine's.
   * Throws StepupError `answer-misdated` where that can't be the clock by which the requests were taken.
   */
  readonly now = (): number => {
    if (Math.abs(this.#aheadMs) > CLOCKS_APART_MS) {
      throw new StepupError('answer-misdated', { aheadSeconds: Math.round(this.#aheadMs / 1000) });
    }
    return this.#machineNow() - this.#aheadMs;
  };

  /** Those for reading and those made again included. */
  get requests(): number {
    return this.#requests;
  }

  /** `17 calls` */
  get text(): string {
    return `${this.#requests} ${this.#requests === 1 ? 'call' : 'calls'}`;
  }
}

/**
 * Rates measured side by side. The machine's speed drifts (other programs, heat, the clock of the processor), so the
 * contestants take turns in short rounds and each is given its median: a bad second hurts all of them.
 */

export interface Contestant {
  readonly name: string;
  /** Does the work once; `turn` counts up, so that it can go through its inputs. */
  readonly run: (turn: number) => unknown;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** For each contestant in each round. */
  readonly roundMs: number;
}

/** How often a second each contestant runs, by name: the median of its rounds, after one that doesn't count. */
export async function measureRates(
  contestants: readonly Contestant[],
  options: RoundsOptions,
): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = -1; round < options.rounds; round++) {
    for (const contestant of contestants) {
      const rate = await rateOf(contestant, options.roundMs);
      if (round >= 0) rates.get(contestant.name)?.push(rate);
    }
  }
  return new Map([...rates].map(([name, values]) => [name, median(values)]));
}

/** Runs in batches, so that reading the clock costs nothing against the fastest. */
async function rateOf({ run }: Contestant, roundMs: number): Promise<number> {
  let turn = 0;
  let batch = 1;
  const begun = performance.now();
  for (;;) {
    const end = turn + batch;
    while (turn < end) {
      const outcome = run(turn++);
      if (outcome instanceof Promise) await outcome;
    }
    const elapsed = performance.now() - begun;
    if (elapsed >= roundMs) return (turn * 1000) / elapsed;
    if (elapsed < roundMs / 50) batch *= 2;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

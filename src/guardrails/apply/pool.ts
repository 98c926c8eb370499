/** Several chains of work at once, with a bound. */

/**
 * Runs each chain's links one after the other, at most `width` chains at a time. After the first failure no further
 * link begins; what runs is let end, and then the first failure is thrown.
 */
export async function runChains<T>(
  chains: readonly (readonly T[])[],
  width: number,
  run: (link: T) => Promise<void>,
): Promise<void> {
  const waiting = [...chains];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      for (const link of chain) {
        if (failures.length > 0) return;
        try {
          await run(link);
        } catch (error) {
          failures.push(error);
          return;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, chains.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

// Shared memory of libfaketime (`test/contract/harness/moved-time.ts`) whose maker has ended.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes it; answers its names. */
export function leftClocks(folder = '/dev/shm') {
  if (!existsSync(folder)) return [];
  const left = readdirSync(folder).filter((name) => {
    const [, pid] = /^(?:sem\.)?faketime_(?:sem|shm)_(\d+)$/.exec(name) ?? [];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
  for (const name of left) rmSync(join(folder, name));
  return left;
}

// The declarations of the library: what its entry reaches, and no more of the inner rooms than that.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const RELATIVE_IMPORT = /(?:from |import\()['"](\.[^'"]*)\.ts['"]/g;

/** Deletes every `.d.ts` below the entry's folder that the entry doesn't lead to. */
export function dropUnreachable(entry) {
  const reached = new Set();
  const waiting = [resolve(entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(RELATIVE_IMPORT)) {
      waiting.push(resolve(dirname(file), `${path}.d.ts`));
    }
  }
  dropFrom(dirname(resolve(entry)), reached);
}

/** True if nothing is left of the folder. */
function dropFrom(folder, kept) {
  let left = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const drop = entry.isDirectory() ? dropFrom(path, kept) : !kept.has(path);
    if (drop) rmSync(path, { recursive: true });
    else left++;
  }
  return left === 0;
}

/** Whole processes, timed from their start to their end. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../measure/rounds.ts';

const root = process.cwd();

/** The command as npm installs it: Node and the built file. */
export const stepup: readonly string[] = [process.execPath, join(root, 'dist', 'stepup.cjs')];

/** Builds what `stepup` names, so that no old build is measured. */
export function buildCommand(): void {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs it to its end; the milliseconds that it took. Throws if it fails, for then its time says nothing. */
export function timeOf(
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.resume();
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const tookMs = performance.now() - begun;
      if (code === 0) resolve(tookMs);
      else reject(new Error(`${file} ${args.join(' ')} ended with ${code}: ${said}`));
    });
  });
}

/** Each contestant's median; they take turns, so that a bad moment of the machine hurts all, and the first turn warms up. */
export async function medianTimes<Name extends string>(
  contestants: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(contestants) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const tookMs = await contestants[name]();
      if (round >= 0) times.get(name)?.push(tookMs);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

/** The executable, where `npm run executables` has made one for this machine, and the least that its toolchain can do. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();

/** The program; undefined if it wasn't built. */
export function executable(): readonly string[] | undefined {
  const path = join(root, 'executables', `stepup-${process.platform}-${process.arch}`);
  return existsSync(path) ? [path] : undefined;
}

export interface BareProgram {
  readonly command: readonly string[];
  remove(): void;
}

/** A script for Node, in a file of its own. */
export function bareScript(source: string): BareProgram {
  const folder = mkdtempSync(join(tmpdir(), 'stepup-bare-'));
  writeFileSync(join(folder, 'bare.cjs'), source);
  return { command: [process.execPath, join(folder, 'bare.cjs')], remove: () => remove(folder) };
}

/** The same, compiled like ours. */
export function compiled(source: string): BareProgram {
  const folder = mkdtempSync(join(tmpdir(), 'stepup-bare-'));
  writeFileSync(join(folder, 'bare.js'), source);
  const args = ['build', '--compile', '--minify', '--bytecode', './bare.js', '--outfile=bare'];
  execFileSync(join(root, 'node_modules/bun/bin/bun.exe'), args, { cwd: folder, stdio: 'ignore' });
  return { command: [join(folder, 'bare')], remove: () => remove(folder) };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

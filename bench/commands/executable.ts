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

export interface Hello {
  readonly command: readonly string[];
  remove(): void;
}

/** A program of one `console.log`, compiled like ours. */
export function compiledHello(): Hello {
  const folder = mkdtempSync(join(tmpdir(), 'stepup-hello-'));
  writeFileSync(join(folder, 'hello.js'), "console.log('hello');\n");
  const args = ['build', '--compile', '--minify', '--bytecode', './hello.js', '--outfile=hello'];
  execFileSync(join(root, 'node_modules/bun/bin/bun.exe'), args, { cwd: folder, stdio: 'ignore' });
  return { command: [join(folder, 'hello')], remove: () => rmSync(folder, { recursive: true, force: true }) };
}

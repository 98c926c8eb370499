import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Where a program lies, by its bare name, or undefined. Relative entries of PATH are passed over: what is in the
 * folder that a person happens to stand in isn't theirs to run.
 */
export function findProgram(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const extensions = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const extension of extensions) {
      const path = join(folder, `${name}${extension}`);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** Whether a file is there that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

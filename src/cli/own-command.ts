/**
 * The command that starts this stepup again: for the lines that other programs run (`credential_process`) and for
 * processes of our own. By absolute paths, for nobody knows with which PATH it will be run.
 */
import { isAbsolute } from 'node:path';

/** Where the script of a single executable seems to lie: bun packs it into the program itself. */
const PACKED_SCRIPT = /^(\/\$bunfs\/|[A-Za-z]:[\\/]~BUN[\\/])/;

/**
 * Program and script, or the program alone where the script is a part of it.
 * @param runtime `process.execPath` and `process.argv[1]`
 */
export function ownCommand(runtime: {
  readonly execPath: string;
  readonly script: string | undefined;
}): readonly string[] {
  const { execPath, script } = runtime;
  // A single executable of Node's names itself as its script.
  if (script === undefined || script === execPath || PACKED_SCRIPT.test(script) || !isAbsolute(script))
    return [execPath];
  return [execPath, script];
}

/**
 * The words as one line that every client of `credential_process` splits alike: botocore as a POSIX shell would, the
 * SDKs by the system's shell.
 * @returns undefined for a word that no quoting keeps whole everywhere: a quote, a dollar sign, a backtick, and outside
 * of Windows a backslash; a percent sign on Windows
 */
export function commandLineOf(words: readonly string[], platform: NodeJS.Platform): string | undefined {
  const unquotable = platform === 'win32' ? /["%\r\n]/ : /["$`\\!\r\n]/;
  if (words.some((word) => unquotable.test(word))) return undefined;
  return words.map((word) => (/^[\w@+=:,./\\~-]+$/.test(word) ? word : `"${word}"`)).join(' ');
}

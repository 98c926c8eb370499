/** The program under test: what `npm run build` made, or an executable that STEPUP_PROGRAM names by its absolute path. */
import { fileURLToPath } from 'node:url';

export const IS_EXECUTABLE = Boolean(process.env['STEPUP_PROGRAM']);

/** The words that start it. */
export const STEPUP: readonly [string, ...string[]] = process.env['STEPUP_PROGRAM']
  ? [process.env['STEPUP_PROGRAM']]
  : [process.execPath, fileURLToPath(new URL('../../../dist/stepup.cjs', import.meta.url))];

/** Program and arguments, as the functions of `node:child_process` take them. */
export function stepupCommand(args: readonly string[]): readonly [command: string, args: string[]] {
  const [command, ...before] = STEPUP;
  return [command, [...before, ...args]];
}

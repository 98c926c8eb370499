/** A setup as the text of `stepup.yaml`. */
import { stringify } from 'yaml';
import type { SetupFile } from './setup-file.ts';

/** What `readDesiredState` reads back to the same. */
export function printSetupFile(file: SetupFile): string {
  // Twelve digits would be a number, and lose a leading zero: text that looks like one is quoted.
  return stringify(file, { lineWidth: 120, defaultStringType: 'PLAIN', version: '1.2' });
}

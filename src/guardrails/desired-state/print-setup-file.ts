/** A setup as the text of `stepup.yaml`. */
import { parseDocument, stringify } from 'yaml';
import type { FileRole, FileUser } from '../adopt/entries.ts';
import type { SetupFile } from './setup-file.ts';

const STYLE = { lineWidth: 120, defaultStringType: 'PLAIN' } as const;

/** What `readDesiredState` reads back to the same. */
export function printSetupFile(file: SetupFile): string {
  // Twelve digits would be a number, and lose a leading zero: text that looks like one is quoted.
  return stringify(file, { ...STYLE, version: '1.2' });
}

/** The text of a file with a role more, and with a user where it isn't there yet; comments stay. */
export function addToSetupFile(
  text: string,
  user: { readonly name: string; readonly entry: FileUser },
  role: { readonly name: string; readonly entry: FileRole },
): string {
  const document = parseDocument(text, { version: '1.2' });
  if (!document.hasIn(['users', user.name])) document.setIn(['users', user.name], document.createNode(user.entry));
  document.setIn(['roles', role.name], document.createNode(role.entry));
  return document.toString(STYLE);
}

import { dirname, isAbsolute, resolve } from 'node:path';
import type { Setting } from './aws-files.ts';

/** `stepup_session_policy`: what a role session may do at most. The document itself, or the file that holds it. */
export type SessionPolicy =
  | { readonly type: 'document'; readonly text: string; readonly setting: Setting }
  | { readonly type: 'file'; readonly path: string; readonly setting: Setting };

/** A relative path starts from the folder of the file that names it. */
export function readSessionPolicy(setting: Setting | undefined): SessionPolicy | undefined {
  const text = setting?.value.trim() ?? '';
  if (setting === undefined || text === '') return undefined;
  if (text.startsWith('{')) return { type: 'document', text, setting };
  const path = isAbsolute(text) ? text : resolve(dirname(setting.place.path), text);
  return { type: 'file', path, setting };
}

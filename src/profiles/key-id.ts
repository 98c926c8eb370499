import type { Settings } from './aws-files.ts';
import type { ProfileCredentials } from './credentials.ts';

/** The id of the key in a store, for those who don't open it: a hint, which each login makes true again. */
export const KEY_ID_KEY = 'stepup_key_id';

/** The id of a base's long-term key, as far as the files say it: of a key in a store it may be unknown. */
export function keyIdOf({
  credentials,
  settings,
}: {
  readonly credentials: ProfileCredentials;
  readonly settings: Settings;
}): string | undefined {
  if (credentials.type === 'long-term-key') return credentials.accessKeyId;
  return credentials.type === 'stored-key' ? settings.get(KEY_ID_KEY)?.value || undefined : undefined;
}

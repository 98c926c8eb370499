/** A new long-term key in place of an old one of the same user, wherever the AWS files speak of the old one. */
import type { AwsFiles, Settings } from './aws-files.ts';
import type { FileKind } from './section-title.ts';
import { BASE_KEY_ID_KEY } from './session-profiles.ts';
import type { AwsEdit } from './update.ts';

interface PlainKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const FILES: readonly FileKind[] = ['config', 'credentials'];

/** Every section that holds the old key gets the new one: a profile that was left out would stop working. */
export function planKeyReplacement(files: AwsFiles, old: PlainKey, fresh: PlainKey): AwsEdit[] {
  const values = { aws_access_key_id: fresh.accessKeyId, aws_secret_access_key: fresh.secretAccessKey };
  return [...files.profiles.values()].flatMap((profile) =>
    FILES.filter((file) => holds(profile[file], old)).map(
      (file): AwsEdit => ({ type: 'set', file, profile: profile.name, values }),
    ),
  );
}

/** A session outlives the key that it was made with: it is the new key's from now on. */
export function planSessionsOfNewKey(files: AwsFiles, oldKeyId: string, newKeyId: string): AwsEdit[] {
  // Of a session in a store it is the config file that tells whose it is.
  return [...files.profiles.values()].flatMap(({ name, settings }): AwsEdit[] => {
    const held = settings.get(BASE_KEY_ID_KEY);
    if (held?.value !== oldKeyId) return [];
    return [{ type: 'set', file: held.place.file, profile: name, values: { [BASE_KEY_ID_KEY]: newKeyId } }];
  });
}

function holds(settings: Settings, { accessKeyId, secretAccessKey }: PlainKey): boolean {
  const held = (key: string): string | undefined => settings.get(key)?.value;
  return held('aws_access_key_id') === accessKeyId && held('aws_secret_access_key') === secretAccessKey;
}

import { StepupError } from '../errors.ts';
import type { Profile, Setting } from './aws-files.ts';

/**
 * `session_tags = team=core,cost-center=42`, as aws-vault writes it: pairs between commas, the first `=` divides.
 * @throws StepupError `profile-invalid` for a part without a key
 */
export function readSessionTags(
  { name }: Pick<Profile, 'name'>,
  setting: Setting | undefined,
): readonly { readonly key: string; readonly value: string }[] {
  if (setting === undefined || setting.value === '') return [];
  return setting.value.split(',').map((pair) => {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    if (at === -1 || key === '') {
      const { path, line } = setting.place;
      throw new StepupError('profile-invalid', { profile: name, problem: 'not-tags', key: 'session_tags', path, line });
    }
    return { key, value: pair.slice(at + 1).trim() };
  });
}

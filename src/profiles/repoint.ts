import type { AwsFiles } from './aws-files.ts';
import type { AwsEdit } from './update.ts';

/**
 * The edits that let role profiles start elsewhere: those of the named profiles whose own `source_profile` is one of
 * `from` get `to`. Shown to the person as a diff before they are written.
 */
export function planRepoint(
  files: AwsFiles,
  profiles: readonly string[],
  from: readonly string[],
  to: string,
): AwsEdit[] {
  return profiles.flatMap((profile) => {
    const source = files.profiles.get(profile)?.settings.get('source_profile');
    if (source === undefined || !from.includes(source.value)) return [];
    return [{ type: 'set', file: source.place.file, profile, values: { source_profile: to } } as const];
  });
}

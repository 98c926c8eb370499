import type { AwsFiles } from './aws-files.ts';
import type { AwsEdit } from './update.ts';

/**
 * The edits that let role profiles start from the MFA session instead of its base (or from the base again): those of the
 * named profiles whose own `source_profile` is `from` get `to`. Shown to the person as a diff before they are written.
 */
export function planRepoint(files: AwsFiles, profiles: readonly string[], from: string, to: string): AwsEdit[] {
  return profiles.flatMap((profile) => {
    const source = files.profiles.get(profile)?.settings.get('source_profile');
    if (source?.value !== from) return [];
    return [{ type: 'set', file: source.place.file, profile, values: { source_profile: to } } as const];
  });
}

/**
 * Bases that not every client can start from. A role profile whose `source_profile` signs in by `aws login` works in
 * the newest clients only; all of them run a `credential_process`, so a profile with one stands between.
 */
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import { planRepoint } from '../profiles/repoint.ts';
import { sectionOwner } from '../profiles/section-owner.ts';
import type { AwsEdit } from '../profiles/update.ts';
import { profilesNamingBase } from './repoint.ts';
import type { ProvidedBy } from './route.ts';

export interface Bridge {
  readonly base: string;
  /** The profile that stands between. */
  readonly profile: string;
  /** The role profiles that start from the base now. */
  readonly roles: readonly string[];
}

/** Sign-ins that some clients can't take as a source, or can't at all. */
const NOT_FOR_ALL: ReadonlySet<ProvidedBy> = new Set(['login-session']);

/** Undefined where none is wanted: every client can start from the base, nothing does, or the name is somebody else's. */
export function bridgeFor(
  files: AwsFiles,
  { base, by }: { readonly base: string; readonly by: ProvidedBy },
  env: Environment,
): Bridge | undefined {
  const profile = `${base}-bridge`;
  const roles = NOT_FOR_ALL.has(by) ? profilesNamingBase(files, base, env) : [];
  const { type } = sectionOwner(files, profile);
  return roles.length === 0 || (type !== 'free' && type !== 'ours') ? undefined : { base, profile, roles };
}

/** The edits that write it, and let the role profiles start from it. @param command gives the credentials of the base */
export function planBridge(files: AwsFiles, { base, profile, roles }: Bridge, command: string): readonly AwsEdit[] {
  const region = files.profiles.get(base)?.settings.get('region')?.value;
  const values = { credential_process: command, ...(region ? { region } : {}) };
  return [{ type: 'set', file: 'config', profile, values }, ...planRepoint(files, roles, [base], profile)];
}

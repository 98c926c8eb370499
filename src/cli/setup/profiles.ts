/** `stepup setup profiles`: a person's profiles, to put into the AWS config file or to send. */
import { type Blueprint, compileBlueprint, type UserBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { profilesFragment, userProfiles } from '../../guardrails/blueprint/user-profiles.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { noSuchUser, readSetup } from './state.ts';

export interface SetupProfilesOptions {
  readonly file?: string;
  readonly base?: string;
  readonly region?: string;
}

/** Prints them. Throws StepupError `usage` for a user that isn't in the file, and what reading it throws. */
export function setupProfilesCommand(io: Io, name: string, { file, base, region }: SetupProfilesOptions): number {
  const blueprint = compileBlueprint(readSetup(io, file).state);
  const place = region === undefined ? {} : { region };
  io.stdout.write(
    profilesFragment(userProfiles(blueprint, userNamed(blueprint, name), base ?? blueprint.setup, place)),
  );
  return ExitCode.done;
}

/** The user of that name. Throws StepupError `usage`. */
function userNamed({ accounts }: Blueprint, name: string): UserBlueprint {
  const users = accounts.flatMap((account) => account.users);
  const user = users.find((one) => one.name === name);
  if (user === undefined) throw noSuchUser(name, users);
  return user;
}

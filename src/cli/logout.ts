/** `stepup logout`: forgets the sessions here, and says what that doesn't do. */
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { awsFilePaths } from '../profiles/aws-files.ts';
import { chooseProfile } from '../profiles/choose-profile.ts';
import { type LogoutOutcome, type LogoutPorts, logout, logoutOfAll } from '../sessions/logout.ts';
import { escapeText } from '../terminal/escape.ts';
import { formatLocalTime } from '../terminal/time.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { ownFolders } from './own-folders.ts';

export interface LogoutOptions {
  readonly all?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function logoutCommand(io: Io, profile: string | undefined, options: LogoutOptions): Promise<number> {
  if (options.all && profile !== undefined) {
    throw new StepupError('usage', {
      problem: `--all is of every profile, and ${profile} is one`,
      hint: 'Say either: stepup logout PROFILE, or stepup logout --all.',
    });
  }
  const ports = logoutPorts(io);
  const outcomes = options.all ? await logoutOfAll(ports) : [await logout(profileFrom(io, profile), ports)];
  if (outcomes.length === 0) io.stderr.write('There is no session to forget.\n');
  for (const outcome of outcomes) io.stderr.write(outcomeText(outcome, io.now()));
  return ExitCode.done;
}

/** Forgets what is kept of a base's sessions. Throws what resolving and writing throw. */
export function forgetSessions(io: Io, base: string): Promise<LogoutOutcome> {
  return logout(base, logoutPorts(io));
}

function logoutPorts(io: Io): LogoutPorts {
  return {
    env: io.env,
    paths: awsFilePaths(io.env, io.homeDirectory),
    nowMs: io.now(),
    roleSessions: ownFolders(io).roleSessions,
    awsCliCache: join(io.homeDirectory, '.aws', 'cli', 'cache'),
    program: 'stepup logout',
    sessionStore: async (store, base) => (await import('./open-store.ts')).sessionStore(io, store, base),
  };
}

function profileFrom(io: Io, profile: string | undefined): string {
  const choice = chooseProfile(profile, io.env);
  if (choice.type === 'profile') return choice.name;
  throw new StepupError('usage', {
    problem: 'AWS_ACCESS_KEY_ID in the environment hides every profile',
    hint: 'Name the profile: stepup logout PROFILE, or say --all.',
  });
}

function outcomeText({ base, session, ownRoleSessions, awsCliRoleSessions }: LogoutOutcome, nowMs: number): string {
  const roles = ownRoleSessions + awsCliRoleSessions;
  const forgotten = [
    ...(session === undefined ? [] : [`the MFA session in ${escapeText(session.profile)}`]),
    ...(roles === 0 ? [] : [`${roles} role session${roles === 1 ? '' : 's'}`]),
  ];
  if (forgotten.length === 0) return `There is no session of ${escapeText(base)} to forget.\n`;
  const until = session?.expiresAtMs === undefined ? 'it ends' : formatLocalTime(session.expiresAtMs, nowMs);
  return [
    `Forgotten: ${forgotten.join(' and ')}.`,
    `  AWS honours them until ${until}, whoever has a copy. Only a policy that denies the user ends them sooner.`,
    '',
  ].join('\n');
}

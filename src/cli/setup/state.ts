/** The state that `stepup setup` is to bring about: from a file, from options, or from a person's answers. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { getCallerIdentity } from '../../aws/sts.ts';
import { StepupError } from '../../errors.ts';
import type { DesiredState } from '../../guardrails/desired-state/desired-state.ts';
import { printSetupFile } from '../../guardrails/desired-state/print-setup-file.ts';
import { readDesiredState } from '../../guardrails/desired-state/read.ts';
import type { SetupFile } from '../../guardrails/desired-state/setup-file.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import type { Io } from '../io.ts';
import { lazyTerminal } from '../lazy-terminal.ts';
import { type AdminOptions, setupConnections } from './connections.ts';

export const DEFAULT_FILE = 'stepup.yaml';

export interface SetupSource {
  /** The absolute path of the file. */
  readonly file: string;
  readonly state: DesiredState;
  /** What is to be written there, in place of `oldText`; that is undefined where there is no file yet. */
  readonly newText?: string;
  readonly oldText?: string;
}

/** One user and one role, said on the command line. */
export interface OneUserOptions {
  readonly user?: string;
  readonly role?: string;
  readonly managed?: readonly string[];
  readonly maxAge?: string;
}

/** Reads the file: `--file`, else `stepup.yaml` here. Throws StepupError `usage` where there is none, `setup-file`. */
export function readSetup(io: Io, file: string | undefined): SetupSource {
  const path = resolve(io.cwd, file ?? DEFAULT_FILE);
  if (file === undefined && !existsSync(path)) {
    throw new StepupError('usage', {
      problem: `there is no ${DEFAULT_FILE} here, and no --file`,
      hint: 'Name a file (docs/setup.md), or say it here: stepup setup --profile admin --user alice --role ops --managed ARN',
    });
  }
  return { file: path, state: readDesiredState(readFileSync(path, 'utf8'), file ?? DEFAULT_FILE) };
}

/** The same; and where there is no file, one is made of the options, or of a person's answers. */
export async function findSetup(
  io: Io,
  { file, ...options }: OneUserOptions & AdminOptions & { readonly file?: string },
): Promise<SetupSource> {
  const said = ONE_USER.some((name) => options[name] !== undefined);
  const path = resolve(io.cwd, file ?? DEFAULT_FILE);
  if (said && existsSync(path)) {
    throw new StepupError('usage', { problem: `${path} is there: it says who and what`, hint: 'Change it there.' });
  }
  if (existsSync(path)) return readSetup(io, file);
  const complete = said ? options : await askForIt(io, options, file);
  const text = printSetupFile(await setupOfOne(io, complete));
  return { file: path, state: readDesiredState(text, file ?? DEFAULT_FILE), newText: text };
}

const ONE_USER = ['user', 'role', 'managed', 'maxAge'] as const satisfies readonly (keyof OneUserOptions)[];

async function setupOfOne(io: Io, options: OneUserOptions & AdminOptions): Promise<SetupFile> {
  const { profile, user, role, managed = [], maxAge } = options;
  if (profile === undefined || user === undefined || role === undefined) {
    throw new StepupError('usage', {
      problem: '--profile, --user and --role belong together',
      hint: 'As in: stepup setup --profile admin --user alice --role ops --managed arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
  }
  const account = { label: 'main', accountId: '', partition: 'aws', trustQuota: 0, profile };
  const { accountId, arn } = await getCallerIdentity((await setupConnections(io, options)(account)).sts);
  const partition = arn.split(':')[1] ?? 'aws';
  return {
    version: 1,
    accounts: { main: { id: accountId, profile, ...(partition !== 'aws' && { partition }) } },
    users: { [user]: { self_service: ['device', 'keys'] } },
    roles: {
      [role]: {
        enter: [user],
        ...(managed.length > 0 && { permissions: { managed: [...managed] } }),
        ...(maxAge !== undefined && { max_age: maxAge }),
      },
    },
  };
}

/** Throws `usage`, as `readSetup`, where nobody can be asked. */
async function askForIt(
  io: Io,
  options: AdminOptions,
  file: string | undefined,
): Promise<OneUserOptions & AdminOptions> {
  const lazy = lazyTerminal(io);
  try {
    const terminal = file === undefined ? lazy.open() : undefined;
    if (terminal === undefined) readSetup(io, file);
    return terminal === undefined ? options : await askPerson(io, terminal, options);
  } finally {
    lazy.close();
  }
}

async function askPerson(
  io: Io,
  terminal: PersonTerminal,
  options: AdminOptions,
): Promise<OneUserOptions & AdminOptions> {
  const { askText } = await import('../../terminal/prompt.ts');
  const ask = (message: string, pattern: RegExp, problem: string): Promise<string> =>
    askText(terminal, {
      ...{ message, during: 'the questions of the setup', signal: io.interrupted },
      validate: (text) => pattern.test(text) || problem,
    });
  terminal.output.write(
    'There is no stepup.yaml here yet. Four questions make one; docs/setup.md tells of all it can say.\n',
  );
  const profile = options.profile ?? (await ask("Administrator's profile:", /^\S+$/, 'the name of a profile'));
  const user = await ask('Name of the user with the long-term key:', NAME, 'letters, digits and any of _+=.@-');
  const role = await ask('Name of the role with the permissions:', NAME, 'letters, digits and any of _+=.@-');
  const arn = await ask('Managed policy of the role (an ARN):', /^arn:[^:]+:iam::[^:]+:policy\/\S+$/, 'an ARN');
  return { ...options, profile, user, role, managed: [arn] };
}

const NAME = /^[A-Za-z0-9_+=.@-]{1,64}$/;

/** For a user that the file doesn't have. `said`: its name, as the command line gave it. */
export function noSuchUser(said: string, users: readonly { readonly name: string }[]): StepupError {
  return new StepupError('usage', {
    problem: `${said} is none of the users of the setup`,
    hint: `They are: ${users.map(({ name }) => name).join(', ')}`,
  });
}

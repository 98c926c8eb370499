/** `stepup login`: a code, a session, and what a person should know of both. */
import { StepupError } from '../../errors.ts';
import type { NamedSerial } from '../../mfa/choose-device.ts';
import type { CodeSource } from '../../mfa/source.ts';
import { awsFilePaths } from '../../profiles/aws-files.ts';
import { chooseProfile } from '../../profiles/choose-profile.ts';
import { type LoginOutcome, type LoginPorts, type LoginSession, login } from '../../sessions/login.ts';
import { startsFromSession } from '../../sessions/repoint.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { formatDuration, formatLocalTime } from '../../terminal/time.ts';
import { askingProcess } from '../asking-process.ts';
import { codeFromOption } from '../codes/given-code.ts';
import { type CodeSourceWish, codeSource } from '../codes/source.ts';
import { spentCodes } from '../codes/spent-codes.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { lazyTerminal } from '../lazy-terminal.ts';
import { longTermKey } from '../long-term-key.ts';
import { memoryFile } from '../memory-file.ts';
import { readOwnConfig } from '../own-config.ts';
import { ownFolders } from '../own-folders.ts';
import { printJson, say } from '../print.ts';
import { processLine } from '../process-line.ts';
import { readSpan } from '../span.ts';
import { devicePerson } from './device-prompt.ts';
import { offerBridge, offerRepoint } from './offers.ts';

export interface LoginOptions {
  readonly updateProfile?: string;
  readonly code?: string;
  readonly serialNumber?: string;
  readonly duration?: string;
  readonly force?: boolean;
  readonly sameStore?: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

/** AWS's range and default for an IAM user (STS API Reference, GetSessionToken, DurationSeconds). */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 129_600;
const DEFAULT_SECONDS = 43_200;
/** A session with less left isn't worth keeping; aws-vault's variable says otherwise where it is set. */
const MIN_LEFT_SECONDS = 300;

/** Runs the command. Throws StepupError. */
export async function loginCommand(io: Io, profile: string | undefined, options: LoginOptions): Promise<number> {
  const choice = chooseProfile(profile, io.env);
  if (choice.type === 'environment') {
    throw new StepupError('usage', {
      problem: 'AWS_ACCESS_KEY_ID in the environment hides every profile',
      hint: 'Name the profile: stepup login PROFILE, or unset the variable.',
    });
  }
  const terminal = lazyTerminal(io);
  try {
    const given = codeFromOption(options.code, io);
    const outcome = await logIn(io, choice.name, options, {
      codes: () => given ?? codeSource(io, codeWish(choice.name, options), terminal),
      person: () => (given === undefined ? terminal.open() : undefined),
    });
    report(io, outcome, options);
    if (outcome.type === 'new') await offerRepoint(io, outcome.session, terminal.opened());
    if (outcome.type === 'no-code-needed') await offerBridge(io, outcome);
    return ExitCode.done;
  } finally {
    terminal.close();
  }
}

/** What the source of the code must know of a login. */
function codeWish(profile: string, options: LoginOptions): CodeSourceWish {
  return { profile, sameStore: options.sameStore ?? false, command: commandLine(profile, options) };
}

/** Whom a login can turn to; each is called when there is something to ask. */
export interface LoginPeople {
  readonly codes: () => CodeSource | undefined;
  readonly person: () => PersonTerminal | undefined;
}

/** What a login on another's behalf (the broker's) does otherwise than `stepup login`. */
export interface LoginOccasion {
  /** The command that asks, for the prompt. */
  readonly askedBy: string;
  /** What a person can run at a terminal, where there is none here. */
  readonly command: readonly string[];
  /** The role that the session is for. */
  readonly roleArn?: string;
  readonly signal: AbortSignal;
  /** Called before a code is sent; it may throw to stop it. */
  readonly beforeSend: () => Promise<void>;
}

/** The login itself, without its output: what `stepup login` and the demo have in common. Throws StepupError. */
export async function logIn(
  io: Io,
  profile: string,
  options: LoginOptions,
  people: LoginPeople,
  occasion?: LoginOccasion,
): Promise<LoginOutcome> {
  return login(
    {
      profile,
      updateProfile: options.updateProfile,
      store: options.store,
      serial: namedSerial(options, io),
      durationSeconds: durationOf(options, io),
      // Whoever asks on another's behalf has looked at the session that is there.
      force: options.force ?? occasion !== undefined,
      minLeftSeconds: spanFrom(io, 'AWS_MIN_TTL') ?? MIN_LEFT_SECONDS,
      ...(occasion?.roleArn !== undefined && { roleArn: occasion.roleArn }),
    },
    loginPorts(io, profile, options, people, occasion),
  );
}

/** What a login needs of the world, for whatever wants a code. Throws `own-config`, `unsafe-path`. */
export function loginPorts(
  io: Io,
  profile: string,
  options: LoginOptions,
  people: LoginPeople,
  occasion?: LoginOccasion,
): LoginPorts {
  const config = readOwnConfig(io);
  const { cache } = ownFolders(io);
  const users = memoryFile(`${cache}/users.json`);
  return {
    env: io.env,
    paths: awsFilePaths(io.env, io.homeDirectory),
    now: io.now,
    signal: occasion?.signal ?? io.interrupted,
    ...(occasion !== undefined && { beforeSend: occasion.beforeSend }),
    ...proxyField(io),
    codes: people.codes,
    askedBy: askingProcess(occasion?.askedBy ?? 'stepup login', io.platform),
    device: {
      person: () => {
        const terminal = people.person();
        return terminal === undefined ? undefined : devicePerson(terminal, occasion?.signal ?? io.interrupted);
      },
      onSlip: ({ serialNumber, origin }) =>
        say(
          io,
          `${escapeText(serialNumber)} (${escapeText(origin)}) is the user, not its device; asking AWS for the devices.`,
        ),
      commandWith: (serialNumber) => commandLine(profile, { ...options, serialNumber }),
    },
    allowed: { hosts: config.codeHosts, file: config.path },
    command: occasion?.command ?? commandLine(profile, options),
    readKey: (base) => longTermKey(io, base),
    sessionStore: async (store, base) => (await import('../open-store.ts')).sessionStore(io, store, base),
    processLine: (one) => processLine(io, one),
    users: { recall: users.recall, learn: users.remember },
    usedCodes: spentCodes(io),
    gates: ownFolders(io).gates,
    onFault: (fault) => {
      if (fault === 'aged') say(io, 'The session is too old for a gate that it must open, so a new code is needed.');
    },
  };
}

/** What to type at a terminal. Never with a code in it: it may end up in a shell's history. */
function commandLine(profile: string, options: LoginOptions): readonly string[] {
  return [
    'stepup',
    'login',
    profile,
    ...(options.updateProfile === undefined ? [] : ['--update-profile', options.updateProfile]),
    ...(options.serialNumber === undefined ? [] : ['--serial-number', options.serialNumber]),
    ...(options.duration === undefined ? [] : ['--duration', options.duration]),
    ...(options.force ? ['--force'] : []),
    ...(options.sameStore ? ['--same-store'] : []),
    ...(options.store === undefined ? [] : ['--store', options.store]),
  ];
}

function namedSerial(options: LoginOptions, { env }: Io): NamedSerial | undefined {
  if (options.serialNumber !== undefined) return { serialNumber: options.serialNumber, origin: '--serial-number' };
  const serialNumber = env['AWS_MFA_SERIAL'];
  return serialNumber ? { serialNumber, origin: 'AWS_MFA_SERIAL in the environment' } : undefined;
}

function durationOf(options: LoginOptions, io: Io): number {
  const { duration } = options;
  const [seconds, source] =
    duration === undefined
      ? [spanFrom(io, 'AWS_SESSION_TOKEN_TTL') ?? DEFAULT_SECONDS, 'AWS_SESSION_TOKEN_TTL']
      : [readSpan('--duration', duration), '--duration'];
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new StepupError('usage', { problem: `${source} is out of range`, hint: 'AWS allows 15m to 36h.' });
}

function spanFrom({ env }: Io, variable: string): number | undefined {
  const text = env[variable];
  return text ? readSpan(variable, text) : undefined;
}

/** The variable that asks for a proxy, which stepup doesn't use: for the words of an error. */
export function proxyField({ env }: Io): { readonly proxyVariable?: string } {
  const proxyVariable = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((name) => env[name]);
  return proxyVariable === undefined ? {} : { proxyVariable };
}

function report(io: Io, outcome: LoginOutcome, options: LoginOptions): void {
  if (outcome.type === 'no-code-needed') {
    if (options.json) printJson(io, { base: outcome.base, codeNeeded: false });
    say(io, noCodeNeeded(outcome));
    return;
  }
  const { session } = outcome;
  if (options.json) printJson(io, sessionJson(outcome.type, session));
  const until = untilText(session.expiresAtMs, io.now());
  const style = styleFor(io.stderr, io.env);
  say(
    io,
    outcome.type === 'new'
      ? `${style.green('✓')} Profile ${style.bold(escapeText(session.profile))} holds an MFA session until ${until}.`
      : `Profile ${style.bold(escapeText(session.profile))} still holds an MFA session until ${until}.\n  Nothing was done; --force makes a new one.`,
  );
  const served = session.roles.roles
    .filter(({ name, role }) => name !== session.base && startsFromSession(role, session.profile))
    .map(({ name }) => escapeText(name));
  if (served.length > 0) say(io, `  Role profiles that use it: ${served.join(', ')}`);
  if (outcome.type === 'new' && outcome.narrowed !== undefined) {
    say(io, `  Others could read ${escapeText(outcome.narrowed)}; now only you can (mode 0600).`);
  }
}

/** `05:12 (in 11 h 59 min)`, local time. */
function untilText(expiresAtMs: number, nowMs: number): string {
  return `${formatLocalTime(expiresAtMs, nowMs)} (in ${formatDuration((expiresAtMs - nowMs) / 1000)})`;
}

function noCodeNeeded({ base, by }: Extract<LoginOutcome, { type: 'no-code-needed' }>): string {
  const name = escapeText(base);
  const rows: Readonly<Record<typeof by, string>> = {
    sso: `Profile ${name} signs in through Identity Center: no code is needed here. Run: aws sso login --profile ${name}`,
    'login-session': `Profile ${name} signs in through the browser: no code is needed here. Run: aws login --profile ${name}`,
    'credential-process': `Profile ${name} gets its credentials from a program (credential_process): no code is needed here.`,
    environment: `Profile ${name} takes its credentials from the environment: no code is needed here.`,
    'web-identity': `Profile ${name} signs in by a web identity: no code is needed here.`,
    container: `Profile ${name} takes its credentials from the container: no code is needed here.`,
    instance: `Profile ${name} takes its credentials from the instance: no code is needed here.`,
  };
  return rows[by];
}

function sessionJson(type: 'new' | 'still-valid', session: LoginSession): object {
  const instant = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  return {
    created: type === 'new',
    base: session.base,
    profile: session.profile,
    accessKeyId: session.accessKeyId,
    expiration: instant(session.expiresAtMs),
    authenticatedAt: instant(session.authenticatedAtMs),
    serialNumber: session.serialNumber,
    roleProfiles: session.roles.roles.map(({ name, role }) => ({ name, roleArn: role.roleArn })),
  };
}

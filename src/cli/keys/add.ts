/** `stepup keys add`: a key from a person, a file, a program or another tool, proved to work and kept in a store. */
import { text } from 'node:stream/consumers';
import { StepupError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { profileForKey } from '../../keys/add-key.ts';
import { keyFrom, keyFromCsv, keyFromText } from '../../keys/key-text.ts';
import type { StoredKey } from '../../keys/stored-key.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { keep, storeKind } from './keep-key.ts';
import { keyPorts, namedProfile } from './ports.ts';

export interface KeysAddOptions {
  readonly store?: string;
  readonly csv?: string;
  readonly from?: 'environment' | 'stdin' | 'aws-vault';
  readonly replace?: boolean;
  readonly yes?: boolean;
  /** False with `--no-verify`. */
  readonly verify?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function keysAddCommand(io: Io, given: string | undefined, options: KeysAddOptions): Promise<number> {
  if (options.csv !== undefined && options.from !== undefined) {
    throw new StepupError('usage', { problem: '--csv and --from both say where the key comes from' });
  }
  if (options.from === 'aws-vault') {
    const { addFromAwsVault } = await import('./from-aws-vault.ts');
    return addFromAwsVault(io, given, options);
  }
  const profile = namedProfile(given, io.env);
  const { settings } = profileForKey(profile, keyPorts(io));
  const kind = await storeKind(io, settings, options.store);
  const key = await readKey(io, profile, options);
  await keep(io, { profile, key, kind }, options);
  const style = styleFor(io.stderr, io.env);
  const shown = escapeText(profile);
  io.stderr.write(
    `${style.green('✓')} The key of ${style.bold(shown)} (…${key.accessKeyId.slice(-4)}) is in the ${kind} store.\n`,
  );
  if (options.verify === false) io.stderr.write('  AWS was not asked whether it works.\n');
  if (options.csv !== undefined && options.csv !== '-') {
    io.stderr.write(`  ${style.yellow('!')} ${escapeText(options.csv)} still holds it: delete that file.\n`);
  }
  io.stderr.write(`  Next: stepup login ${shown}\n`);
  return ExitCode.done;
}

async function readKey(io: Io, profile: string, { csv, from }: KeysAddOptions): Promise<StoredKey> {
  if (csv === '-') return keyFromCsv(await text(io.stdin), 'stdin');
  if (csv !== undefined) return keyFromCsv(readCsv(csv), csv);
  if (from === 'stdin') return keyFromText(await text(io.stdin), 'stdin');
  if (from === 'environment') return fromEnvironment(io);
  return fromPerson(io, profile);
}

function readCsv(path: string): string {
  const content = readText(path);
  if (content === undefined) throw new StepupError('file-system', { code: 'ENOENT', path, operation: 'read' });
  return content;
}

function fromEnvironment({ env }: Io): StoredKey {
  const source = 'the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)';
  if (env['AWS_SESSION_TOKEN']) {
    const problem = 'with AWS_SESSION_TOKEN beside them, these are temporary credentials';
    throw new StepupError('key-malformed', { source, problem });
  }
  return keyFrom(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], source);
}

async function fromPerson(io: Io, profile: string): Promise<StoredKey> {
  const terminal = io.openTerminal();
  if (terminal === undefined) {
    const command = ['stepup', 'keys', 'add', profile, '--from', 'stdin'];
    throw new StepupError('no-terminal', { question: 'the key', command });
  }
  try {
    const { askSecret, askText } = await import('../../terminal/prompt.ts');
    const asking = { during: 'the prompt for a key', signal: io.interrupted };
    const validate = (typed: string): true | string => typed.trim() !== '' || 'AKIA and 16 more';
    const id = await askText(terminal, { message: 'AWS access key id:', validate, ...asking });
    const secret = await askSecret(terminal, { message: 'AWS secret access key:', ...asking });
    return keyFrom(id, secret, 'what was typed');
  } finally {
    terminal.close();
  }
}

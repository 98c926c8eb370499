/**
 * The passphrase of the age store: from a file descriptor, from a program, or from the person, in this order. Neither
 * argv nor the environment ever holds it.
 */
import { createReadStream } from 'node:fs';
import { isAbsolute } from 'node:path';
import { text } from 'node:stream/consumers';
import { StepupError } from '../errors.ts';
import { withoutAws } from '../keys/stores.ts';
import { describeEnding } from '../process/ending.ts';
import { runProgram } from '../process/run.ts';
import { splitWords } from '../profiles/split-words.ts';
import type { PersonTerminal } from '../terminal/controlling.ts';
import type { Io } from './io.ts';

const FD_VARIABLE = 'STEPUP_PASSPHRASE_FD';
const COMMAND_VARIABLE = 'STEPUP_PASSPHRASE_COMMAND';
/** The program may have a person unlock something. */
const PROGRAM_WAIT_MS = 5 * 60_000;

/**
 * @param question `isNew`: the person types it twice, for nothing could tell that it was mistyped
 * @throws StepupError `passphrase-needed` where there is nobody to ask; `store-locked` if what was named gives none; `usage`
 */
export async function passphrase(io: Io, { isNew }: { readonly isNew: boolean }): Promise<string> {
  const fd = io.env[FD_VARIABLE];
  if (fd) return fromDescriptor(fd);
  const command = io.env[COMMAND_VARIABLE];
  if (command) return fromProgram(io, command);
  const terminal = io.openTerminal();
  if (terminal === undefined)
    throw new StepupError('passphrase-needed', { variables: [COMMAND_VARIABLE, FD_VARIABLE] });
  try {
    return await fromPerson(terminal, isNew, io.interrupted);
  } finally {
    terminal.close();
  }
}

async function fromDescriptor(value: string): Promise<string> {
  if (!/^\d{1,4}$/.test(value)) throw new StepupError('usage', { problem: `${FD_VARIABLE} is no file descriptor` });
  try {
    return firstLine(await text(createReadStream('', { fd: Number(value) })), FD_VARIABLE);
  } catch (error) {
    if (error instanceof StepupError) throw error;
    const detail = `${FD_VARIABLE}=${value}: ${error instanceof Error ? error.message : String(error)}`;
    throw new StepupError('store-locked', { store: 'age', detail }, { cause: error });
  }
}

async function fromProgram(io: Io, command: string): Promise<string> {
  const [path, ...args] = splitWords(command) ?? [];
  if (path === undefined || !isAbsolute(path)) {
    throw new StepupError('usage', {
      problem: `${COMMAND_VARIABLE} must begin with the absolute path of a program`,
      hint: 'It runs without a shell: no variables, no pipes.',
    });
  }
  const outcome = await runProgram({
    path,
    args,
    env: withoutAws(io.env),
    timeoutMs: PROGRAM_WAIT_MS,
    signal: io.interrupted,
  });
  if (outcome.type === 'exited' && outcome.code === 0) return firstLine(outcome.stdout, path);
  const detail = `${path} ${describeEnding(outcome, PROGRAM_WAIT_MS)}`;
  throw new StepupError('store-locked', { store: 'age', detail });
}

function firstLine(output: string, source: string): string {
  const [line = ''] = output.split(/\r?\n/);
  if (line === '') throw new StepupError('store-locked', { store: 'age', detail: `${source} gave no passphrase` });
  return line;
}

async function fromPerson(terminal: PersonTerminal, isNew: boolean, signal: AbortSignal): Promise<string> {
  const { askSecret } = await import('../terminal/prompt.ts');
  const ask = (message: string): Promise<string> =>
    askSecret(terminal, { message, during: 'the prompt for a passphrase', signal });
  if (!isNew) return ask('Passphrase of the key store:');
  for (;;) {
    const typed = await ask('A new passphrase for the key store:');
    if (typed === '') terminal.output.write('An empty passphrase protects nothing.\n');
    else if (typed === (await ask('The same once more:'))) return typed;
    else terminal.output.write('These were two different ones. Once again:\n');
  }
}

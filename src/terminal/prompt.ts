/**
 * Questions to a person, on a terminal that the caller gives. What others wrote must be escaped by the caller. The
 * library that draws them is slow to load: import this file when there is something to ask.
 */
import { Writable } from 'node:stream';
import confirm from '@inquirer/confirm';
import line from '@inquirer/input';
import password from '@inquirer/password';
import select from '@inquirer/select';
import { StepupError } from '../errors.ts';
import type { PersonTerminal } from './controlling.ts';

export interface Asking {
  /** Takes the question back; it then rejects with `interrupted`, or with the signal's reason if that is an Error of ours. */
  readonly signal?: AbortSignal | undefined;
  /** What is asked for, in the words of the error when the person leaves: `the prompt for a code`. */
  readonly during: string;
}

export interface TextQuestion extends Asking {
  readonly message: string;
  /** True, or what is wrong with the text. */
  readonly validate: (text: string) => true | string;
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
  /** Why it can't be chosen. */
  readonly disabled?: string;
}

export interface ChoiceQuestion<T> extends Asking {
  readonly message: string;
  readonly choices: readonly Choice<T>[];
}

export interface YesNoQuestion extends Asking {
  readonly message: string;
  readonly default: boolean;
}

/** A line of text, shown as it is typed. Throws `interrupted` at Ctrl-C. */
export async function askText(terminal: PersonTerminal, question: TextQuestion): Promise<string> {
  const { message, validate } = question;
  return answered(question, (context) => line({ message, validate }, context), terminal);
}

/** A line of text that isn't shown. Throws `interrupted` at Ctrl-C. */
export async function askSecret(
  terminal: PersonTerminal,
  question: Asking & { readonly message: string },
): Promise<string> {
  return answered(question, (context) => password({ message: question.message, mask: false }, context), terminal);
}

/** One of several. Throws `interrupted` at Ctrl-C. */
export async function askChoice<T>(terminal: PersonTerminal, question: ChoiceQuestion<T>): Promise<T> {
  const choices = question.choices.map(({ name, value, disabled }) => ({ name, value, disabled: disabled ?? false }));
  return answered(question, (context) => select<T>({ message: question.message, choices }, context), terminal);
}

/** Yes or no. Throws `interrupted` at Ctrl-C. */
export async function askYesNo(terminal: PersonTerminal, question: YesNoQuestion): Promise<boolean> {
  const { message, default: preset } = question;
  return answered(question, (context) => confirm({ message, default: preset }, context), terminal);
}

interface PromptContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

async function answered<T>(
  { signal, during }: Asking,
  ask: (context: PromptContext) => Promise<T>,
  { input, output }: PersonTerminal,
): Promise<T> {
  signal?.throwIfAborted();
  // The end of input, or Ctrl-D for it, is nobody's answer: the library alone would wait for ever.
  const left = new AbortController();
  const leave = (): void => left.abort();
  const onKey = (_text: string, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.ctrl === true && key.name === 'd') leave();
  };
  input.on('keypress', onKey);
  input.once('end', leave);
  input.once('close', leave);
  try {
    const either = signal === undefined ? left.signal : AbortSignal.any([left.signal, signal]);
    return await ask({ input, output: unending(output), signal: either });
  } catch (error) {
    if (!(error instanceof Error) || !LEAVING.has(error.name)) throw error;
    if (signal?.aborted && signal.reason instanceof Error && signal.reason.name !== 'AbortError') throw signal.reason;
    throw new StepupError('interrupted', { during });
  } finally {
    input.off('keypress', onKey);
    input.off('end', leave);
    input.off('close', leave);
  }
}

/** The library's names for a prompt that ended without an answer. */
const LEAVING: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

/** The library ends its output after each question; the terminal is needed for the next. */
function unending(screen: PersonTerminal['output']): Writable {
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      screen.write(chunk, done);
    },
  });
  return Object.defineProperties(output, {
    columns: { get: () => screen.columns },
    isTTY: { value: screen.isTTY },
  });
}

/**
 * Codes from a dialog on the person's screen, where there is no terminal. Dialogs read markup, mnemonics and escapes in
 * what they show, each its own: characters that any of them gives a meaning are shown as their lookalikes.
 */
import { StepupError } from '../errors.ts';
import { describeEnding } from '../process/ending.ts';
import { type ProgramOutcome, runProgram } from '../process/run.ts';
import { readCode } from './code.ts';
import type { ProgramPorts } from './run-for-code.ts';
import type { CodeRequest, CodeSource } from './source.ts';

/** How one program shows a question. The text isn't a secret; the code comes on stdout. */
export interface Dialog {
  readonly name: string;
  readonly ask: (text: string) => {
    readonly args: readonly string[];
    readonly input?: string;
    readonly env?: Readonly<Record<string, string>>;
  };
  /** Whether this end of it means that the person left. */
  readonly isLeft: (outcome: Extract<ProgramOutcome, { type: 'exited' }>) => boolean;
}

export interface DialogPorts extends Pick<ProgramPorts, 'program'> {
  /** The question in the person's words, escaped; `problem` says what was wrong with the answer before. */
  readonly words: (request: CodeRequest, problem: 'malformed' | 'refused' | undefined) => string;
}

const TRIES = 3;
/** Nobody is at the screen: those who wait for the credentials have given up long before. */
const TIMEOUT_MS = 5 * 60_000;

export function dialogCodes(dialog: Dialog, ports: DialogPorts): CodeSource {
  return {
    name: dialog.name,
    tellsPerson: true,
    madeHere: false,
    endsByItself: true,
    tries: TRIES,
    code: async (request, signal) => {
      let problem: 'malformed' | 'refused' | undefined = request.attempt > 1 ? 'refused' : undefined;
      for (;;) {
        const code = readCode(await askOnce(dialog, ports, plain(ports.words(request, problem)), signal));
        if (code !== undefined && !request.refused.includes(code)) return code;
        problem = code === undefined ? 'malformed' : 'refused';
      }
    },
  };
}

async function askOnce(
  dialog: Dialog,
  { program }: DialogPorts,
  text: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { path, args, env } = await program();
  const question = dialog.ask(text);
  const outcome = await runProgram({
    path,
    args: [...args, ...question.args],
    env: { ...env, ...question.env },
    timeoutMs: TIMEOUT_MS,
    ...(question.input !== undefined && { input: question.input }),
    ...(signal !== undefined && { signal }),
  });
  if (outcome.type === 'exited' && outcome.code === 0) return outcome.stdout;
  if (outcome.type === 'exited' && dialog.isLeft(outcome)) {
    throw new StepupError('interrupted', { during: 'the dialog for a code' });
  }
  throw new StepupError('code-program-failed', { program: path, detail: `it ${describeEnding(outcome, TIMEOUT_MS)}` });
}

const LOOKALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '&': '＆', '\\': '＼' };

function plain(text: string): string {
  return text.replace(/[<>&\\]/g, (character) => LOOKALIKES[character] ?? '');
}

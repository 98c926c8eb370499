/** The prompt for a code: a code source that asks the person at a terminal. */
import { readCode } from '../../mfa/code.ts';
import type { CodeRequest, CodeSource } from '../../mfa/source.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { countDown } from '../../terminal/countdown.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { CODE_TITLE, codeFacts } from './facts.ts';

const TRIES = 3;
/** A new code comes every 30 seconds (RFC 6238); `totp/` knows too, but would bring its code maker along. */
const STEP_MS = 30_000;

/** `now`: epoch milliseconds, for the wait that is named when a code is typed again that AWS has refused. */
export function codePrompt(
  terminal: PersonTerminal,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): CodeSource {
  const style = styleFor(terminal.output, env);
  return {
    name: 'the terminal',
    tellsPerson: true,
    madeHere: false,
    tries: TRIES,
    code: async (request, signal) => {
      const { askText } = await import('../../terminal/prompt.ts');
      const lines = request.attempt === 1 ? describe(request, style) : [refusedLine(request, style, now())];
      terminal.output.write(`${lines.join('\n')}\n`);
      for (;;) {
        const text = await askText(terminal, {
          message: 'MFA code:',
          during: 'the prompt for a code',
          signal,
          validate: (typed) => check(typed, request, now()),
        });
        const code = readCode(text);
        if (code !== undefined) return code;
        await untilNextCode(terminal, now, signal);
      }
    },
  };
}

/** Passes the rest of this step where the person sees it. Throws `interrupted` at Ctrl-C. */
export async function untilNextCode(
  { output }: Pick<PersonTerminal, 'output'>,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await countDown(output, {
    untilMs: (Math.floor(now() / STEP_MS) + 1) * STEP_MS,
    now,
    words: (seconds) => `The next code comes in ${seconds} s (Ctrl-C leaves).`,
    during: 'the wait for the next code',
    signal,
  });
}

function describe(request: CodeRequest, style: Style): readonly string[] {
  const rows = codeFacts(request).map(([name, value]) => [{ text: `  ${name}`, paint: style.dim }, value]);
  return [style.bold(CODE_TITLE), ...tableLines(rows)];
}

function refusedLine({ attempt, usedSecondsAgo }: CodeRequest, style: Style, nowMs: number): string {
  const wait = secondsToNextCode(nowMs);
  const why =
    usedSecondsAgo === undefined
      ? 'AWS refused that code: it is wrong, or was used already.'
      : `That code was used ${usedSecondsAgo} s ago, and AWS takes none twice.`;
  return style.yellow(`${why} The next one comes in ${wait} s. Try ${attempt} of ${TRIES}. Enter alone waits for it.`);
}

/** Nothing typed, after a refusal, asks to wait. */
function check(typed: string, { attempt, refused }: CodeRequest, nowMs: number): true | string {
  if (attempt > 1 && typed.trim() === '') return true;
  const code = readCode(typed);
  if (code === undefined) return 'A code is six digits.';
  if (refused.includes(code))
    return `AWS takes this code no more. The next one comes in ${secondsToNextCode(nowMs)} s.`;
  return true;
}

function secondsToNextCode(nowMs: number): number {
  return Math.ceil((STEP_MS - (nowMs % STEP_MS)) / 1000);
}

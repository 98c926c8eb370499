/** The prompt for a code: a code source that asks the person at a terminal. */
import { readCode } from '../mfa/code.ts';
import type { CodeRequest, CodeSource } from '../mfa/source.ts';
import type { PersonTerminal } from '../terminal/controlling.ts';
import { escapeText } from '../terminal/escape.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { tableLines } from '../terminal/table.ts';

const TRIES = 3;
/** A new code comes every 30 seconds (RFC 6238); `totp/` knows too, but would bring its code maker along. */
const STEP_SECONDS = 30;

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
    tries: TRIES,
    code: async (request, signal) => {
      const { askText } = await import('../terminal/prompt.ts');
      const lines = request.attempt === 1 ? describe(request, style) : [refusedLine(request, style, now())];
      terminal.output.write(`${lines.join('\n')}\n`);
      const text = await askText(terminal, {
        message: 'MFA code:',
        during: 'the prompt for a code',
        signal,
        validate: (typed) => check(typed, request, now()),
      });
      return readCode(text) ?? '';
    },
  };
}

/** Account, user, device, role, host and the asking process: whoever types a code must see what it opens. */
function describe(request: CodeRequest, style: Style): readonly string[] {
  const { profile, accountId, userName, serialNumber, roleArn, host, askedBy } = request;
  const who = [
    userName === undefined ? undefined : `user ${userName}`,
    accountId === undefined ? undefined : `account ${accountId}`,
    `profile ${profile}`,
  ].filter((part) => part !== undefined);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['for', who.join(', ')],
    ['role', roleArn],
    ['device', serialNumber],
    ['sent to', host],
    ['asked by', askedBy],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [[{ text: `  ${name}`, paint: style.dim }, escapeText(value)]],
  );
  return [style.bold('stepup needs an MFA code'), ...tableLines(rows)];
}

function refusedLine({ attempt }: CodeRequest, style: Style, nowMs: number): string {
  const wait = secondsToNextCode(nowMs);
  return style.yellow(
    `AWS refused that code: it is wrong, or was used already. The next one comes in ${wait} s. Try ${attempt} of ${TRIES}.`,
  );
}

function check(typed: string, { refused }: CodeRequest, nowMs: number): true | string {
  const code = readCode(typed);
  if (code === undefined) return 'A code is six digits.';
  if (refused.includes(code))
    return `AWS has just refused this code. The next one comes in ${secondsToNextCode(nowMs)} s.`;
  return true;
}

function secondsToNextCode(nowMs: number): number {
  return STEP_SECONDS - (Math.floor(nowMs / 1000) % STEP_SECONDS);
}

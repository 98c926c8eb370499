import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { type Dialog, dialogCodes } from './dialog.ts';
import { kdialog } from './kdialog.ts';
import { osascript } from './osascript.ts';
import { powershell } from './powershell.ts';
import type { CodeRequest } from './source.ts';
import { zenity } from './zenity.ts';

const REQUEST: CodeRequest = {
  profile: 'work',
  serialNumber: 'arn:aws:iam::123456789012:mfa/alice',
  host: 'sts.eu-west-1.amazonaws.com',
  askedBy: 'a test',
  attempt: 1,
  refused: [],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialog-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A fake dialog program: notes how it was called, and does what the script says. Real ones are in test/contract. */
function fake(script: string): string {
  const path = join(folder, 'dialog');
  writeFileSync(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$@" >>${folder}/calls\nenv >>${folder}/calls\ncat >>${folder}/calls\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

function codes(dialog: Dialog, script: string, text = 'for user alice') {
  const path = fake(script);
  return dialogCodes(dialog, {
    program: async () => ({ path, args: [], env: { PATH: '/usr/bin:/bin' } }),
    words: (_request, problem) => (problem === undefined ? text : `${text} (${problem})`),
  });
}

const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8');
const dialogs = [zenity, kdialog, osascript, powershell];

describe.each(dialogs)('$name', (dialog) => {
  it('takes the code from stdout', async () => {
    expect(await codes(dialog, 'echo " 123 456"').code(REQUEST, undefined)).toBe('123456');
    expect(calls()).toContain('for user alice');
  });

  it('asks again for what is no code, or one that was refused', async () => {
    const script = `n=$(cat ${folder}/n 2>/dev/null); echo x$n >${folder}/n; case $n in '') echo abc;; x) echo 111111;; *) echo 222222;; esac`;
    const source = codes(dialog, script);
    expect(await source.code({ ...REQUEST, refused: ['111111'] }, undefined)).toBe('222222');
    expect(calls()).toContain('(malformed)');
    expect(calls()).toContain('(refused)');
  });

  it('shows what others wrote without a meaning of its own', async () => {
    await codes(dialog, 'echo 123456', '<b>eve</b> &amp; \\n"$(touch x)" `x`').code(REQUEST, undefined);
    expect(calls()).toContain('‹b›eve‹/b› ＆amp; ＼n"$(touch x)" `x`');
    expect(calls()).not.toMatch(/<b>|&amp|\\n"/);
  });

  it('ends when it can not be shown', async () => {
    const source = codes(dialog, 'echo "cannot open display: " >&2; exit 5');
    const error: unknown = await source.code(REQUEST, undefined).catch((reason: unknown) => reason);
    expect(isStepupError(error, 'code-program-failed')).toBe(true);
  });
});

it.each([
  [zenity, 'exit 1'],
  [kdialog, 'exit 1'],
  [osascript, 'echo "execution error: User canceled. (-128)" >&2; exit 1'],
  [powershell, 'exit 3'],
])('$name: a person who leaves', async (dialog, script) => {
  const error: unknown = await codes(dialog, script)
    .code(REQUEST, undefined)
    .catch((reason: unknown) => reason);
  expect(isStepupError(error, 'interrupted')).toBe(true);
});

it('zenity: an underscore is no mnemonic', async () => {
  await codes(zenity, 'echo 123456', 'my_role').code(REQUEST, undefined);
  expect(calls()).toContain('--text=my__role');
});

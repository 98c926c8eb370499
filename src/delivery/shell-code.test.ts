import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enterCode, type InitShell, initCode, initShells, leaveCode } from './shell-code.ts';

const hostile = `my 'role" $(touch pwned) \`x\` \\`;
const session = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: "se/cr+et'=",
  sessionToken: 'token==',
  expiresAtMs: Date.UTC(2026, 0, 31, 9),
};
const profile = { name: hostile, region: 'eu-west-1', endpointVariables: [] };
const show = `printf '%s|' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$STEPUP_PROFILE" "$AWS_REGION" "$AWS_PROFILE" "$STEPUP_RENEW_AT"`;

/** A `stepup` that answers with files: what is tested here is the shell's half. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-shell-'));
  writeFileSync(
    join(folder, 'stepup'),
    `#!/bin/sh
echo "$@" >> "${folder}/calls"
case "$*" in
  *refused*) exit 4 ;;
  *--leave) cat "${folder}/leave.$2" ;;
  *) cat "${folder}/enter.$2" ;;
esac
`,
  );
  chmodSync(join(folder, 'stepup'), 0o755);
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    writeFileSync(join(folder, `enter.${shell}`), enterCode(shell, profile, session, {}));
    writeFileSync(
      join(folder, `leave.${shell}`),
      leaveCode(shell, { STEPUP_PLACED: 'AWS_REGION=eu-west-1,AWS_DEFAULT_REGION=eu-west-1' }),
    );
    writeFileSync(join(folder, `init.${shell}`), initCode(shell));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const arguments_: Record<'bash' | 'zsh' | 'fish', string[]> = {
  bash: ['--norc', '-c'],
  zsh: ['-f', '-c'],
  fish: ['--no-config', '-c'],
};

function run(shell: 'bash' | 'zsh' | 'fish', script: string, env: Record<string, string> = {}): string {
  return execFileSync(shell, [...arguments_[shell], `source ${folder}/init.${shell}\n${script}`], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell: 'bash' | 'zsh' | 'fish') => {
  const all = `ASIAEXAMPLE|${session.secretAccessKey}|${hostile}|eu-west-1||1769849700|`;

  it('takes the credentials, unsets what would win, and runs nothing of a name', () => {
    expect(run(shell, `sup x; ${show}`, { AWS_PROFILE: 'other' })).toBe(all);
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('pwned');
  });

  it('gives them back', () => {
    expect(run(shell, `sup x; sup --leave; ${show}`)).toBe('||||||');
  });

  it('leaves the shell as it was when there are none', () => {
    expect(run(shell, `sup refused; ${show}`, { STEPUP_PROFILE: 'before' })).toBe('||before||||');
  });

  it('renews before the end without a prompt, and stops trying when that fails', () => {
    expect(run(shell, `__stepup_renew; ${show}`, { STEPUP_RENEW_AT: '1', STEPUP_PROFILE: 'due' })).toBe(all);
    expect(execFileSync('tail', ['-n1', join(folder, 'calls')], { encoding: 'utf8' })).toBe(
      `init ${shell} --enter due --no-prompt\n`,
    );
    expect(run(shell, `__stepup_renew; ${show}`, { STEPUP_RENEW_AT: '1', STEPUP_PROFILE: 'refused' })).toBe(
      '||refused||||',
    );
    expect(run(shell, `__stepup_renew; ${show}`, { STEPUP_RENEW_AT: '99999999999', STEPUP_PROFILE: 'later' })).toBe(
      '||later|||99999999999|',
    );
  });
});

it('bash hooks in once, before what was there', () => {
  const script = `source ${folder}/init.bash; printf %s "$PROMPT_COMMAND"`;
  expect(run('bash', script, { PROMPT_COMMAND: 'mine' })).toBe('__stepup_renew;mine');
});

it.each(initShells)('refuses for %s a value that no quotes hold', (shell) => {
  expect(() => enterCode(shell, profile, { ...session, secretAccessKey: 'a\u001bb' }, {})).toThrow(
    expect.objectContaining({ code: 'unquotable-value' }),
  );
});

it('powershell code quotes as PowerShell does', () => {
  const shell: InitShell = 'powershell';
  expect(enterCode(shell, { ...profile, name: "o'role" }, session, {})).toContain("$Env:STEPUP_PROFILE = 'o''role'");
});

describe('where requests go', () => {
  const inside = {
    ...{ PATH: '/bin', AWS_DEFAULT_REGION: 'us-west-2' },
    STEPUP_PLACED: 'AWS_REGION=eu-west-1,AWS_ENDPOINT_URL=x,AWS_DEFAULT_REGION=eu-west-1,PATH=x,AWS_X;touch pwned=x',
  };

  it('is told by the profile alone, not by the one before it', () => {
    const code = enterCode('bash', { ...profile, name: 'next', region: 'eu-north-1' }, session, inside);
    expect(code).toContain('unset AWS_ENDPOINT_URL\n');
    expect(code).toContain("export AWS_REGION='eu-north-1'\n");
    expect(code).toContain("export STEPUP_PLACED='AWS_REGION=eu-north-1'\n");
    expect(code).not.toMatch(/unset PATH|pwned|export AWS_DEFAULT_REGION/);
  });

  it('is the person’s own again after leaving', () => {
    const code = leaveCode('bash', inside);
    expect(code).toContain('unset AWS_ENDPOINT_URL\n');
    expect(code).not.toMatch(/PATH|pwned|AWS_DEFAULT_REGION/);
  });
});

import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeIo } from '../../test/support/fake-io.ts';
import { fakeTerminal } from '../../test/support/fake-terminal.ts';
import { passphrase } from './passphrase.ts';

const ENTER = '\r';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-passphrase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const withEnv = (env: Record<string, string>) => passphrase(fakeIo([], { env }), { isNew: true });

describe('the passphrase of the age store', () => {
  it('is read to the end of its line from a file descriptor', async () => {
    writeFileSync(join(folder, 'p'), 'correct horse\nnext line\n');
    const fd = openSync(join(folder, 'p'), 'r');
    expect(await withEnv({ STEPUP_PASSPHRASE_FD: String(fd) })).toBe('correct horse');
    await expect(withEnv({ STEPUP_PASSPHRASE_FD: 'x' })).rejects.toMatchObject({ code: 'usage' });
    await expect(withEnv({ STEPUP_PASSPHRASE_FD: '999' })).rejects.toMatchObject({ code: 'store-locked' });
  });

  it('is what a program prints, which sees no credentials and no shell', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'no business of its', STEPUP_PASSPHRASE_COMMAND: '/usr/bin/env' };
    expect(await withEnv({ ...env, WORD: 'x' })).toBe('STEPUP_PASSPHRASE_COMMAND=/usr/bin/env');
    expect(await withEnv({ STEPUP_PASSPHRASE_COMMAND: '/bin/echo $HOME; id' })).toBe('$HOME; id');
    for (const command of ['echo x', "/bin/echo 'x", './x']) {
      await expect(withEnv({ STEPUP_PASSPHRASE_COMMAND: command })).rejects.toMatchObject({ code: 'usage' });
    }
    for (const command of ['/bin/false', '/bin/true', '/nowhere/x']) {
      await expect(withEnv({ STEPUP_PASSPHRASE_COMMAND: command })).rejects.toMatchObject({ code: 'store-locked' });
    }
  });

  it('is typed by the person: twice when it is new, until both are the same and not empty', async () => {
    const terminal = fakeTerminal();
    const answer = passphrase(fakeIo([], { terminal }), { isNew: true });
    for (const [said, question, typed] of [
      ['', 'new passphrase', ''],
      ['protects nothing', 'new passphrase', 'one'],
      ['', 'once more', 'oen'],
      ['two different ones', 'new passphrase', 'one'],
      ['', 'once more', 'one'],
    ] as const) {
      await terminal.shows(said);
      await terminal.shows(question);
      terminal.press(`${typed}${ENTER}`);
    }
    expect(await answer).toBe('one');
    expect(terminal.screen()).not.toContain('oen');
    const known = passphrase(fakeIo([], { terminal }), { isNew: false });
    await terminal.shows('Passphrase of the key store:');
    terminal.press(`one${ENTER}`);
    expect(await known).toBe('one');
  });

  it('can be asked of nobody where there is no terminal', async () => {
    await expect(withEnv({})).rejects.toMatchObject({ code: 'passphrase-needed' });
  });
});

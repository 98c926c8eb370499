import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeIo, fakeIo } from '../../test/support/fake-io.ts';
import { signedFormHeaders } from '../../test/support/signed-form.ts';
import { run } from './run.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepup-sandbox-'));
  folders.push(folder);
  return folder;
}

/** Runs the command until it has said something, lets `meanwhile` try it, and interrupts it. */
async function whileItRuns(argv: readonly string[], meanwhile: (io: FakeIo) => Promise<void> = async () => {}) {
  const io = fakeIo(['sandbox', ...argv]);
  const ended = run(io);
  await Promise.race([expect.poll(() => io.out(), { timeout: 25_000 }).not.toBe(''), ended]);
  await meanwhile(io);
  io.interrupt();
  const exitCode = await ended;
  for (const cleanUp of io.cleanUps) await cleanUp();
  return { exitCode, out: io.out(), err: io.err() };
}

async function identity(endpoint: string, accessKeyId: string, secretAccessKey: string): Promise<string> {
  const url = new URL(endpoint);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const credentials = { accessKeyId, secretAccessKey };
  const headers = signedFormHeaders(url, 'sts', body, credentials);
  return (await fetch(url, { method: 'POST', body, headers })).text();
}

describe('stepup sandbox', () => {
  it('prints one line of JSON, serves, and ends with 0 when it is interrupted', async () => {
    const { exitCode, out, err } = await whileItRuns(
      ['--json', '--account', '111122223333', '--account', '444455556666'],
      async (io) => {
        const { endpoint, accounts, ...first } = JSON.parse(io.out());
        expect(first).toEqual(accounts[0]);
        expect(accounts.map(({ accountId }: { accountId: string }) => accountId)).toEqual([
          '111122223333',
          '444455556666',
        ]);
        for (const { accountId, accessKeyId, secretAccessKey } of accounts) {
          expect(await identity(endpoint, accessKeyId, secretAccessKey)).toContain(`<Account>${accountId}</Account>`);
        }
      },
    );
    expect({ exitCode, err, lines: out.split('\n').length }).toEqual({ exitCode: 0, err: '', lines: 2 });
    await expect(fetch(JSON.parse(out).endpoint)).rejects.toThrow();
  });

  it('prints what to export, and explains itself on stderr', async () => {
    const { out, err } = await whileItRuns([], async (io) => {
      const value = (name: string) => new RegExp(`^export ${name}='?([^'\n]*)'?$`, 'm').exec(io.out())?.[1] ?? '';
      const answer = await identity(
        value('AWS_ENDPOINT_URL'),
        value('AWS_ACCESS_KEY_ID'),
        value('AWS_SECRET_ACCESS_KEY'),
      );
      expect(answer).toContain('<Account>123456789012</Account>');
    });
    expect(out).toMatch(/^# root of account 123456789012, made up by this sandbox\n/);
    expect(err).toContain('Ctrl-C ends it.');
  });

  it('keeps its state where it is told to', async () => {
    const folder = join(temporaryFolder(), 'data');
    const first = await whileItRuns(['--json', '--data', folder]);
    const second = await whileItRuns(['--json', '--data', folder]);
    expect(JSON.parse(second.out).accounts).toEqual(JSON.parse(first.out).accounts);
  });

  it.each([
    [['--port', '70000'], '--port takes a number'],
    [['--port', 'http'], '--port takes a number'],
    [['--account', '123'], 'twelve digits'],
    [['--role-session-mfa', 'perhaps'], 'Allowed choices are false, inherited'],
  ])('ends with 2 for %j', async (argv, problem) => {
    const { exitCode, out, err } = await whileItRuns(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(problem);
  });
});

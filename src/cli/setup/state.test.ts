import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { fakeTerminal } from '../../../test/support/fake-terminal.ts';
import { type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';
import { findSetup } from './state.ts';

const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

let tried: TriedSandbox;
let home: string;
beforeEach(async () => {
  tried = await trySandbox({ accounts: ['012345678901'] });
  home = mkdtempSync(join(tmpdir(), 'stepup-setup-'));
  mkdirSync(join(home, '.aws'));
  const { accessKeyId, secretAccessKey } = tried.root;
  const config = `[profile admin]\nregion = eu-west-1\nendpoint_url = ${tried.sandbox.endpoint}\n`;
  writeFileSync(join(home, '.aws/config'), config);
  const key = `[admin]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  writeFileSync(join(home, '.aws/credentials'), key, { mode: 0o600 });
});
afterEach(async () => {
  rmSync(home, { recursive: true, force: true });
  await tried.close();
});

const expected = {
  identity: { label: 'main', accountId: '012345678901', profile: 'admin' },
  users: [{ name: 'alice', selfService: ['device', 'keys'] }],
  roles: [{ name: 'ops', enter: ['alice'], permissions: { managedArns: [POLICY] } }],
};

it('makes a setup of one user and one role of a person’s answers, and writes nothing yet', async () => {
  const terminal = fakeTerminal();
  const io = { ...fakeIo(['setup'], { home, terminal, nowMs: Date.now() }), cwd: home };
  const found = findSetup(io, { longTerm: true });
  for (const [question, answer] of [
    ['profile', 'admin'],
    ['the user', 'alice'],
    ['the role', 'ops'],
    ['policy', POLICY],
  ] as const) {
    await terminal.shows(`${question}`);
    terminal.press(`${answer}\r`);
  }
  const { state, file, newText } = await found;
  expect(state).toMatchObject(expected);
  expect(newText).toContain('id: "012345678901"');
  expect(existsSync(file)).toBe(false);
});

it('makes the same of options, and takes none beside a file', async () => {
  const io = { ...fakeIo(['setup'], { home, nowMs: Date.now() }), cwd: home };
  const options = { profile: 'admin', longTerm: true, user: 'alice', role: 'ops', managed: [POLICY], maxAge: '1h' };
  const { state, file, newText } = await findSetup(io, options);
  expect(state).toMatchObject(expected);
  expect(state.roles[0]).toMatchObject({ maxAgeSeconds: 3600 });
  writeFileSync(file, newText ?? '');
  expect((await findSetup(io, {})).state).toEqual(state);
  await expect(findSetup(io, options)).rejects.toMatchObject({ code: 'usage' });
});

it('says what is missing where nobody can be asked', async () => {
  const io = { ...fakeIo(['setup'], { home }), cwd: home };
  await expect(findSetup(io, {})).rejects.toMatchObject({ code: 'usage' });
  await expect(findSetup(io, { user: 'alice' })).rejects.toMatchObject({ code: 'usage' });
});

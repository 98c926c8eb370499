import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageStore } from './age-files.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stepup-age-'));
  folder = join(root, 'keys');
});
afterEach(() => rmSync(root, { recursive: true }));

const onlyFile = (): string => join(folder, readdirSync(folder)[0]!);

describe('the age store', () => {
  it('keeps a secret for a recipient in a file that the age program opens', async () => {
    const identity = await generateIdentity();
    const recipients = [await identityToRecipient(identity)];
    const store = ageStore({ folder, lock: { type: 'recipient', recipients, identities: async () => [identity] } });
    expect(await store.read('key/work')).toBeUndefined();
    await store.write('key/work', 'the secret');
    expect(await store.read('key/work')).toBe('the secret');
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    const identityFile = join(root, 'identity');
    writeFileSync(identityFile, `${identity}\n`, { mode: 0o600 });
    expect(execFileSync('age', ['--decrypt', '--identity', identityFile, onlyFile()], { encoding: 'utf8' })).toBe(
      'the secret',
    );
    expect(await store.remove('key/work')).toBe(true);
    expect(await store.remove('key/work')).toBe(false);
  });

  it('opens what the age program encrypted', async () => {
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    const lock = { type: 'recipient', recipients: [recipient], identities: async () => [identity] } as const;
    await ageStore({ folder, lock }).write('key/work', 'ours');
    execFileSync('age', ['--encrypt', '--recipient', recipient, '--output', onlyFile()], { input: 'theirs' });
    expect(await ageStore({ folder, lock }).read('key/work')).toBe('theirs');
  });

  it('asks for a passphrase once, twice over for a new store, and again after a wrong one', async () => {
    const questions: boolean[] = [];
    const answers = ['right', 'wrong', 'right'];
    const ask = async ({ isNew }: { readonly isNew: boolean }) => {
      questions.push(isNew);
      return answers.shift()!;
    };
    const store = ageStore({ folder, lock: { type: 'passphrase', ask } });
    await store.write('key/work', 'the secret');
    expect(await store.read('key/work')).toBe('the secret');
    expect(questions).toEqual([true]);
    const later = ageStore({ folder, lock: { type: 'passphrase', ask } });
    await expect(later.read('key/work')).rejects.toMatchObject({ code: 'store-locked' });
    expect(await later.read('key/work')).toBe('the secret');
    expect(questions).toEqual([true, false, false]);
  }, 60_000);

  it.each(['../../x', '..', 'a/b', 'CON', 'ü\u0000'])('keeps the name %j inside its folder', async (name) => {
    const identity = await generateIdentity();
    const recipients = [await identityToRecipient(identity)];
    const store = ageStore({ folder, lock: { type: 'recipient', recipients, identities: async () => [identity] } });
    await store.write(name, 's');
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readdirSync(root)).toEqual(['keys']);
    expect(await store.read(name)).toBe('s');
  });
});

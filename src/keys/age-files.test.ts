import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgeKeys, ageStore } from './age-files.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stepup-age-'));
  folder = join(root, 'keys');
});
afterEach(() => rmSync(root, { recursive: true }));

const onlyFile = (): string => join(folder, readdirSync(folder)[0]!);

async function identityKeys(): Promise<AgeKeys & { readonly identity: string }> {
  const identity = await generateIdentity();
  const passphrase = () => Promise.reject(new Error('nobody is to be asked'));
  return {
    identity,
    recipients: [await identityToRecipient(identity)],
    identities: async () => [identity],
    passphrase,
  };
}

/** A person who gives these answers, one after another; `questions` says whether each was for a new passphrase. */
function person(...answers: string[]): AgeKeys & { readonly questions: boolean[] } {
  const questions: boolean[] = [];
  return {
    questions,
    recipients: [],
    identities: async () => [],
    passphrase: async ({ isNew }) => {
      questions.push(isNew);
      return answers.shift()!;
    },
  };
}

describe('the age store', () => {
  it('keeps a secret for a recipient in a file that the age program opens', async () => {
    const keys = await identityKeys();
    const store = ageStore({ folder, keys });
    expect(await store.read('key/work')).toBeUndefined();
    await store.write('key/work', 'the secret');
    expect(await store.read('key/work')).toBe('the secret');
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    const identityFile = join(root, 'identity');
    writeFileSync(identityFile, `${keys.identity}\n`, { mode: 0o600 });
    expect(execFileSync('age', ['--decrypt', '--identity', identityFile, onlyFile()], { encoding: 'utf8' })).toBe(
      'the secret',
    );
    expect(await store.remove('key/work')).toBe(true);
    expect(await store.remove('key/work')).toBe(false);
  });

  it('opens what the age program encrypted', async () => {
    const keys = await identityKeys();
    await ageStore({ folder, keys }).write('key/work', 'ours');
    execFileSync('age', ['--encrypt', '--recipient', keys.recipients[0]!, '--output', onlyFile()], { input: 'theirs' });
    expect(await ageStore({ folder, keys }).read('key/work')).toBe('theirs');
  });

  it('names a recipient that is none', async () => {
    const keys = { ...(await identityKeys()), recipients: ['age1nonsense'] };
    await expect(ageStore({ folder, keys }).write('key/work', 's')).rejects.toMatchObject({
      code: 'usage',
      fields: { problem: 'age1nonsense is no recipient of age' },
    });
  });

  it('asks for a passphrase once, twice over for a new store, and again after a wrong one', async () => {
    const first = person('right');
    const store = ageStore({ folder, keys: first });
    await store.write('key/work', 'the secret');
    expect(await store.read('key/work')).toBe('the secret');
    expect(first.questions).toEqual([true]);
    const second = person('wrong', 'right');
    const later = ageStore({ folder, keys: second });
    await expect(later.read('key/work')).rejects.toMatchObject({ code: 'store-locked' });
    expect(await later.read('key/work')).toBe('the secret');
    expect(second.questions).toEqual([false, false]);
  }, 60_000);

  it('takes no other passphrase for a second secret than for the first', async () => {
    await ageStore({ folder, keys: person('right') }).write('key/work', 'the secret');
    const keys = person('rihgt', 'right');
    const store = ageStore({ folder, keys });
    await expect(store.write('key/home', 'another')).rejects.toMatchObject({ code: 'store-locked' });
    expect(readdirSync(folder)).toHaveLength(1);
    await store.write('key/home', 'another');
    expect(keys.questions).toEqual([false, false]);
  }, 60_000);

  it('opens a file as the file itself wants it, whatever new ones get', async () => {
    const identity = await identityKeys();
    await ageStore({ folder, keys: person('right') }).write('key/old', 'by passphrase');
    const both = { ...identity, passphrase: person('right').passphrase };
    await ageStore({ folder, keys: both }).write('key/new', 'by recipient');
    expect(await ageStore({ folder, keys: identity }).read('key/new')).toBe('by recipient');
    expect(await ageStore({ folder, keys: both }).read('key/old')).toBe('by passphrase');
  }, 60_000);

  it.each(['../../x', '..', 'a/b', 'CON', 'ü\u0000'])('keeps the name %j inside its folder', async (name) => {
    const store = ageStore({ folder, keys: await identityKeys() });
    await store.write(name, 's');
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readdirSync(root)).toEqual(['keys']);
    expect(await store.read(name)).toBe('s');
  });
});

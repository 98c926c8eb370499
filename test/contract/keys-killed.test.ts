/** `keys add` and `keys remove`, killed at each of their steps and run again; and what they do with keys in plain text. */
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newIdentity } from '../support/new-passphrase.ts';
import type { ChildResult } from './harness/child.ts';
import type { Environment } from './harness/clean-environment.ts';
import { type GatedRole, openGatedRole } from './harness/gated-role.ts';
import { type Home, makeHome } from './harness/home.ts';
import { killAtEachStep } from './harness/kill-each-step.ts';
import { filesHolding } from './harness/secret-files.ts';
import { IS_EXECUTABLE, STEPUP } from './harness/stepup.ts';
import { withoutTerminal } from './harness/terminal.ts';

const OLD_SECRET = 'the-one-before-this';

let world: GatedRole;
let home: Home;
let env: Environment;
let pair: string;

beforeAll(async () => {
  world = await openGatedRole();
});
afterAll(() => world.close());

beforeEach(async () => {
  const { accessKeyId, secretAccessKey } = world.alice.key;
  pair = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  home = await makeHome(world.sandbox.endpoint, { config: world.config });
  const identity = await newIdentity();
  await writeFile(path('identity'), `${identity}\n`, { mode: 0o600 });
  env = {
    ...home.env,
    STEPUP_KEY_STORE: 'age',
    STEPUP_AGE_RECIPIENT: await identityToRecipient(identity),
    STEPUP_AGE_IDENTITY: path('identity'),
  };
});
afterEach(() => home.remove());

const path = (name: string): string => join(home.path, name);
const sealed = (): string => path('.local/state/stepup/keys/key%2Fwork.age');
const credentials = (): Promise<string> => readFile(path('.aws/credentials'), 'utf8');
const config = (): Promise<string> => readFile(path('.aws/config'), 'utf8');
const holding = (): Promise<readonly string[]> => filesHolding(home.path, world.alice.key.secretAccessKey);

const stepup = (args: readonly string[], more: Environment = {}, input = ''): Promise<ChildResult> =>
  withoutTerminal([...STEPUP, ...args], { ...env, ...more }, { input });

async function succeeds(args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout, stderr } = await stepup(args, {}, input);
  expect(exitCode, stderr).toBe(0);
  return stdout + stderr;
}

const add = (kill: Environment = {}): Promise<ChildResult> => {
  const { accessKeyId, secretAccessKey } = world.alice.key;
  return stepup(['keys', 'add', 'work', '--from', 'stdin'], kill, `${accessKeyId}\n${secretAccessKey}\n`);
};
const remove = (kill: Environment = {}): Promise<ChildResult> => stepup(['keys', 'remove', 'work', '--yes'], kill);

/** What kills it is loaded into Node by NODE_OPTIONS; an executable doesn't heed those, and runs the same code. */
describe.skipIf(IS_EXECUTABLE)('killed at any step', () => {
  it('add leaves no plain text, and the next run finishes', async () => {
    const steps = await killAtEachStep(add, async (step) => {
      expect(await holding(), `after step ${step}`).toEqual([]);
      const again = await add();
      expect(again.exitCode, `after step ${step}: ${again.stderr}`).toBe(0);
      expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(world.alice.key.secretAccessKey);
      await writeFile(path('.aws/config'), world.config);
      await rm(sealed());
    });
    expect(steps).toBeGreaterThan(2);
  }, 180_000);

  it('add in place of another key never leaves the profile without one', async () => {
    const unproved = ['keys', 'add', 'work', '--from', 'stdin', '--no-verify'];
    await succeeds(unproved, `AKIAIOSFODNN7EXAMPLE\n${OLD_SECRET}\n`);
    const [before, sealedBefore] = await Promise.all([config(), readFile(sealed())]);
    const { accessKeyId, secretAccessKey } = world.alice.key;
    const replace = (kill: Environment = {}) =>
      stepup(['keys', 'add', 'work', '--from', 'stdin', '--replace'], kill, `${accessKeyId}\n${secretAccessKey}\n`);
    const steps = await killAtEachStep(replace, async (step) => {
      const between = await succeeds(['credentials', 'work', '--long-term']);
      expect(
        [OLD_SECRET, secretAccessKey].some((secret) => between.includes(secret)),
        `after step ${step}`,
      ).toBe(true);
      expect(await holding(), `after step ${step}`).toEqual([]);
      const again = await replace();
      expect(again.exitCode, `after step ${step}: ${again.stderr}`).toBe(0);
      expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(secretAccessKey);
      await writeFile(path('.aws/config'), before);
      await writeFile(sealed(), sealedBefore);
    });
    expect(steps).toBeGreaterThan(2);
  }, 180_000);

  it('remove from a store is gone on with, and forgets all that it wrote', async () => {
    expect((await add()).exitCode).toBe(0);
    const [start, startSealed] = await Promise.all([config(), readFile(sealed())]);
    // From here on the profile alone knows which store it is.
    const { STEPUP_KEY_STORE: _, ...rest } = env;
    env = rest;
    const steps = await killAtEachStep(remove, async (step) => {
      // Where the store has lost the key, the profile still names it, so that the next run knows what to forget.
      if (!existsSync(sealed())) expect(await config(), `after step ${step}`).toBe(start);
      const again = await remove();
      expect(again.exitCode, `after step ${step}: ${again.stderr}`).toBe(0);
      expect(existsSync(sealed())).toBe(false);
      expect(await config()).toBe(world.config);
      await writeFile(path('.aws/config'), start);
      await writeFile(sealed(), startSealed);
    });
    expect(steps).toBeGreaterThan(1);
  }, 180_000);

  it('remove from the files leaves them as they were or without the key, and nothing wider', async () => {
    const start = `# mine\n[work]\n${pair}; kept\n\n[other]\nregion = x\n`;
    await writeFile(path('.aws/credentials'), start);
    const steps = await killAtEachStep(remove, async (step) => {
      expect([start, start.replace(pair, '')], `after step ${step}`).toContain(await credentials());
      for (const file of await holding()) expect((await stat(file)).mode & 0o077, file).toBe(0);
      if ((await credentials()) === start) expect((await remove()).exitCode).toBe(0);
      expect(await holding()).toEqual([]);
      await writeFile(path('.aws/credentials'), start);
    });
    expect(steps).toBeGreaterThan(0);
  }, 180_000);
});

describe('a key in plain text', () => {
  it('is removed from every section of both files, and nothing else changes', async () => {
    await writeFile(
      path('.aws/credentials'),
      `# mine\r\n[default]\n${pair}\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n[work]\n${pair}; kept\n`,
    );
    await writeFile(path('.aws/config'), `${world.config}[default]\nregion = us-east-1\n${pair}`);
    expect(await succeeds(['keys', 'remove', 'work', '--yes'])).toContain('AWS goes on honouring it');
    expect(await credentials()).toBe(
      '# mine\r\n\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n; kept\n',
    );
    expect(await config()).toBe(`${world.config}[default]\nregion = us-east-1\n`);
    expect((await stat(path('.aws/credentials'))).mode & 0o777).toBe(0o600);
    expect((await remove()).exitCode).toBe(1);
  });

  it.each([
    ['remove', ['keys', 'remove', 'work', '--yes']],
    ['move', ['keys', 'move', 'work', '--to', 'age']],
  ])(
    'of [DEFAULT], which stands in every section, stays at %s: the line is named, nothing is written',
    async (_, args) => {
      const text = `[DEFAULT]\n${pair}[work]\nregion = eu-west-1\n`;
      await writeFile(path('.aws/credentials'), text);
      const refused = await stepup(args);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('credentials, line 3') });
      expect(refused.stderr).toContain('[DEFAULT]');
      expect(await credentials()).toBe(text);
      expect(existsSync(sealed())).toBe(false);
    },
  );

  it('of [DEFAULT] makes that profile one that has a key already, for add', async () => {
    await writeFile(path('.aws/credentials'), `[DEFAULT]\n${pair}[work]\nregion = eu-west-1\n`);
    expect(await add()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('stepup keys move work') });
    expect(existsSync(sealed())).toBe(false);
  });
});

it('a CSV file of the console gives the key, and is named as what still holds it', async () => {
  const { accessKeyId, secretAccessKey } = world.alice.key;
  const csv = path('alice_accessKeys.csv');
  await writeFile(csv, `\ufeffAccess key ID,Secret access key\r\n${accessKeyId},${secretAccessKey}\r\n`, {
    mode: 0o600,
  });
  const said = await succeeds(['keys', 'add', 'work', '--csv', csv]);
  expect(said).toContain(`${csv} still holds it: delete that file`);
  expect(said).not.toContain(secretAccessKey);
  expect(await holding()).toEqual([csv]);
  expect(await succeeds(['credentials', 'work', '--long-term'])).toContain(secretAccessKey);
  const absent = await stepup(['keys', 'add', 'work', '--csv', path('absent.csv')]);
  expect(absent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('absent.csv') });
});

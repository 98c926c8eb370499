/**
 * The AWS files as real clients read them: what we make of a file is what botocore makes of it, and a file that we
 * edited reads, in botocore and in the JavaScript SDK, as it did before but for what was edited.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { describe, expect, inject, test } from 'vitest';
import { parseAwsFiles, type Settings } from '../../src/profiles/aws-files.ts';
import { findPeculiarities } from '../../src/profiles/peculiarities.ts';
import { type Case, fixtureCases, generatedCases, type Texts } from './aws-files/cases.ts';
import { runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import type { Program } from './harness/programs.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';

type Values = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
type Profiles = Readonly<Record<string, Values>>;
type BotocoreView =
  | { readonly config: Profiles; readonly credentials: Profiles; readonly both: Profiles }
  | { readonly error: string };

const SEED = Number(process.env['STEPUP_TEST_SEED'] ?? Date.now() % 1_000_000);
const fixtures: readonly Case[] = fixtureCases();
/** Files that all clients read alike. */
const agreed: readonly Case[] = generatedCases('agreed', 100, SEED);
const cases: readonly Case[] = [...fixtures, ...generatedCases('cli', 100, SEED), ...agreed];

/** What the edits make of a client's view of one file. */
function edited(
  view: Profiles,
  file: 'config' | 'credentials',
  { edits }: Case,
): Record<string, Record<string, unknown>> {
  const model: Record<string, Record<string, unknown>> = structuredClone(view) as Record<
    string,
    Record<string, unknown>
  >;
  for (const edit of edits) {
    if (edit.file !== file) continue;
    if (edit.type === 'remove-profile') model[edit.profile] = {};
    else if (edit.type === 'set') model[edit.profile] = { ...model[edit.profile], ...edit.values };
    else for (const key of edit.keys) delete model[edit.profile]?.[key];
  }
  return model;
}

/** Without profiles that have no key: of a removed one the name stays where comments of it stay. */
function withKeys(view: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(view).filter(([, values]) => Object.keys(values).length > 0));
}

function writeTexts(folder: string, name: string, texts: Texts): void {
  writeFileSync(join(folder, `${name}.config`), texts.config);
  writeFileSync(join(folder, `${name}.credentials`), texts.credentials);
}

async function readWithBotocore(python: Program, texts: readonly Texts[]): Promise<readonly BotocoreView[]> {
  const folder = await temporaryFolder();
  for (const [index, pair] of texts.entries()) writeTexts(folder, String(index), pair);
  const script = join(import.meta.dirname, 'aws-files/read.py');
  const env = cleanEnvironment(folder);
  const { stdout, stderr } = await runChild(python.path, [script, folder, String(texts.length)], {
    env,
    timeoutMs: 150_000,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as readonly BotocoreView[];
}

/** Clients that refuse the file altogether refuse it for one of these. */
const REFUSED_BY_BOTOCORE = new Set(['byte-order-mark', 'duplicate-section', 'duplicate-key']);

function peculiaritiesOf(texts: Texts): readonly string[] {
  const files = parseAwsFiles({ config: 'config', credentials: 'credentials' }, texts.config, texts.credentials);
  return [files.config, files.credentials].flatMap(findPeculiarities).map(({ type }) => type);
}

function plain(settings: Settings): Values {
  return Object.fromEntries(
    [...settings].map(([key, { value, block }]) => [key, block === undefined ? value : Object.fromEntries(block)]),
  );
}

describe.each(inject('pythons'))('botocore of $name', (python) => {
  test('sees in each file what we see', async () => {
    const views = await readWithBotocore(
      python,
      cases.map(({ before }) => before),
    );
    let compared = 0;
    for (const [index, { name, before }] of cases.entries()) {
      const view = views[index];
      const about = `${name}\n${JSON.stringify(before)}\n${JSON.stringify(view)}`;
      const peculiarities = peculiaritiesOf(before);
      if (peculiarities.some((type) => REFUSED_BY_BOTOCORE.has(type))) {
        expect(view, about).toHaveProperty('error');
        continue;
      }
      if (peculiarities.includes('two-spellings')) continue;
      if (view === undefined || 'error' in view) throw new Error(about);
      const { profiles } = parseAwsFiles(
        { config: 'config', credentials: 'credentials' },
        before.config,
        before.credentials,
      );
      expect(
        Object.fromEntries([...profiles].map(([profile, { settings }]) => [profile, plain(settings)])),
        about,
      ).toEqual(view.both);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(90);
  });

  test('sees what was edited, and all else as before', async () => {
    const views = await readWithBotocore(
      python,
      cases.flatMap(({ before, after }) => [before, after]),
    );
    let compared = 0;
    for (const [index, one] of cases.entries()) {
      const [before, after] = [views[2 * index], views[2 * index + 1]];
      if (before === undefined || 'error' in before || peculiaritiesOf(one.before).includes('two-spellings')) continue;
      const about = `${one.name}\n${JSON.stringify(one)}\n${JSON.stringify(after)}`;
      if (after === undefined || 'error' in after) throw new Error(about);
      for (const file of ['config', 'credentials'] as const) {
        expect(withKeys(after[file]), about).toEqual(withKeys(edited(before[file], file, one)));
      }
      compared += 1;
    }
    expect(compared).toBeGreaterThan(90);
  });
});

describe('the JavaScript SDK', () => {
  /** Both files as the SDK's own loader gives them. */
  async function read(folder: string, name: string, texts: Texts): Promise<Record<'config' | 'credentials', unknown>> {
    writeTexts(folder, name, texts);
    const { configFile, credentialsFile } = await loadSharedConfigFiles({
      configFilepath: join(folder, `${name}.config`),
      filepath: join(folder, `${name}.credentials`),
      ignoreCache: true,
    });
    const profiles = (all: object) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !name.includes('.') || name === 'b.c'));
    return { config: profiles(configFile), credentials: profiles(credentialsFile) };
  }

  test('sees what we see, and after an edit as well', async () => {
    const folder = await temporaryFolder();
    for (const [index, { name, before, after }] of agreed.entries()) {
      const about = `${name}\n${JSON.stringify({ before, after })}`;
      expect(await read(folder, `${index}-before`, before), about).toEqual(forSdk(before));
      expect(await read(folder, `${index}-after`, after), about).toEqual(forSdk(after));
    }
    expect(agreed.length).toBeGreaterThan(90);
  });

  test.each(fixtures.map((one) => [one.name, one] as const))(
    'sees in %s what a login wrote',
    async (_, { edits, before, after }) => {
      if (peculiaritiesOf(before).includes('lone-carriage-return')) return;
      const folder = await temporaryFolder();
      const seen = await read(folder, 'after', after);
      for (const edit of edits) {
        const profile = (seen[edit.file] as Profiles)[edit.profile];
        if (edit.type === 'set') expect(profile).toMatchObject(edit.values);
      }
    },
  );
});

/** Our view in the SDK's shape: blocks as `key.subkey`; it knows no names with a space, and no profile without a key. */
function forSdk({ config, credentials }: Texts): Record<'config' | 'credentials', Profiles> {
  const { profiles } = parseAwsFiles({ config: 'config', credentials: 'credentials' }, config, credentials);
  const view = (file: 'config' | 'credentials'): Profiles =>
    Object.fromEntries(
      [...profiles]
        .filter(([name, profile]) => !name.includes(' ') && profile[file].size > 0)
        .map(([name, profile]) => [
          name,
          Object.fromEntries(
            [...profile[file]].flatMap(([key, { value, block }]) => {
              return block === undefined
                ? [[key, value]]
                : [...block].map(([below, inner]) => [`${key}.${below}`, inner]);
            }),
          ),
        ]),
    );
  return { config: view('config'), credentials: view('credentials') };
}

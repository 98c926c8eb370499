import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configTitle, fileText, keys, plainValue, profileNames } from '../../test/support/aws-file-text.ts';
import { isStepupError } from '../errors.ts';
import { type Document, parseDocument } from './document.ts';
import { printDocument, removeKeys, removeProfile, setKeys } from './edit-document.ts';

const read = (text: string, file: 'config' | 'credentials' = 'credentials') => parseDocument(text, file, 'file');
const set = (text: string, profile: string, values: Record<string, string>) =>
  printDocument(setKeys(read(text), profile, values));
const remove = (text: string, profile: string, ...names: string[]) =>
  printDocument(removeKeys(read(text), profile, names));
const removeAll = (text: string, profile: string) => printDocument(removeProfile(read(text), profile));

describe('setKeys', () => {
  it.each([
    ['', '[a]\nk = v\n'],
    ['[a]\n', '[a]\nk = v\n'],
    ['[a]', '[a]\nk = v\n'],
    ['[a]\n# of Bob\n  ; more', '[a]\n# of Bob\n  ; more\nk = v\n'],
    ['[a]\n# of Bob\n\n# about b\n[b]\n', '[a]\n# of Bob\nk = v\n\n# about b\n[b]\n'],
    ['[b]', '[b]\n\n[a]\nk = v\n'],
    ['[b]\n', '[b]\n\n[a]\nk = v\n'],
    ['[b]\r\nx=1\r\n', '[b]\r\nx=1\r\n\r\n[a]\r\nk = v\r\n'],
    ['\ufeff', '\ufeff[a]\nk = v\n'],
    ['[a]\nk=old  \n', '[a]\nk=v  \n'],
    ['[a]\n\tk\t=\told\r\nx = 1', '[a]\n\tk\t=\tv\r\nx = 1'],
    ['[a]\nk =\nx = 1', '[a]\nk = v\nx = 1'],
    ['[a]\nK: old\n', '[a]\nk = v\n'],
    ['[a]\nk = old # as botocore reads it\n', '[a]\nk = v\n'],
    ['[a]\nx = 1\n\n# about b\n[b]\n', '[a]\nx = 1\nk = v\n\n# about b\n[b]\n'],
    ['[a]\n  x = 1\n[b]\n', '[a]\n  x = 1\n  k = v\n[b]\n'],
    ['[a]\n  s3 =\n    y = 1\n[b]\n', '[a]\n  s3 =\n    y = 1\nk = v\n[b]\n'],
    ['[a]\nk = one\n  two\n\n  three\n# c\nx = 1\n', '[a]\nk = v\n# c\nx = 1\n'],
    ['[a]\nk =\n  y = 1\n  # c\n  z = 2\nx = 1\n', '[a]\nk = v\n  # c\nx = 1\n'],
    ['[a]\nk = 1\n[a]\nk = 2\n', '[a]\nk = 1\n[a]\nk = v\n'],
    ['[a]\nk = 1\n[a]\nx = 2\n', '[a]\nk = v\n[a]\nx = 2\n'],
  ])('sets k in %j', (before, after) => {
    expect(set(before, 'a', { k: 'v' })).toBe(after);
  });

  it('finds a profile of the config file however its section is written', () => {
    const text = '[profile "a"]\nx = 1\n';
    expect(printDocument(setKeys(read(text, 'config'), 'a', { k: 'v' }))).toBe('[profile "a"]\nx = 1\nk = v\n');
    expect(printDocument(setKeys(read('', 'config'), 'a b', { k: 'v' }))).toBe('[profile "a b"]\nk = v\n');
    expect(printDocument(setKeys(read('[a]\nk = 1\n', 'config'), 'a', { k: 'v' }))).toBe(
      '[a]\nk = 1\n\n[profile a]\nk = v\n',
    );
  });

  it.each(['', ' x', 'x ', 'a\nb', 'a\rb', 'a #b', '# a', 'x ;y', 'a\u0000', '\u001b[31m'])(
    'refuses the value %j',
    (value) => {
      expect(() => set('[a]\nk = 1\n', 'a', { k: value })).toThrow(
        expect.objectContaining({ code: 'aws-file-unwritable' }),
      );
    },
  );

  it('refuses a key that clients would read differently', () => {
    for (const key of ['', 'K', 'a b', 'a=', '[a', '#a']) {
      expect(() => set('', 'a', { [key]: 'v' })).toThrow(expect.objectContaining({ code: 'aws-file-unwritable' }));
    }
  });

  it('refuses an edit that would turn the next section into a value', () => {
    expect(() => set('[a]\n  [b]\nx = 1\n', 'a', { k: 'v' })).toThrow(
      expect.objectContaining({ code: 'aws-file-edit-unsafe' }),
    );
  });
});

describe('removeKeys', () => {
  it.each([
    ['[a]\nk = 1\nx = 2\n', '[a]\nx = 2\n'],
    ['[a]\nx = 2\nk = 1', '[a]\nx = 2\n'],
    ['[a]\nk =\n  y = 1\n\n  # c\n  z = 1\n\nx = 2\n', '[a]\n  # c\n\nx = 2\n'],
    ['[a]\nk = 1\nK: 2\n[b]\nk = 3\n[a]\nk = 4\n', '[a]\n[b]\nk = 3\n[a]\n'],
    ['[b]\nk = 1\n', '[b]\nk = 1\n'],
    ['', ''],
  ])('removes k from %j', (before, after) => {
    expect(remove(before, 'a', 'k')).toBe(after);
  });

  it('refuses when a line would become a part of the value before', () => {
    expect(() => remove('[a]\nx = 1\n\n[a]\n    k = 2\n  [b]\n', 'a', 'x')).not.toThrow();
    expect(() => removeAll('[b]\nx = 1\n[a]\n    k = 2\n  [c]\n', 'a')).toThrow(
      expect.objectContaining({ code: 'aws-file-edit-unsafe' }),
    );
  });
});

describe('removeProfile', () => {
  it.each([
    ['[a]\nk = 1\n', ''],
    ['\ufeff[a]\nk = 1\n\n[b]\n', '\ufeff\n[b]\n'],
    ['[b]\nx = 1\n\n[a]\nk = 1\n', '[b]\nx = 1\n'],
    ['[b]\n\n[a]\nk = 1\ny = 2\n\n# about c\n[c]\n', '[b]\n\n# about c\n[c]\n'],
    ['[a]\n# of Bob\nk = 1\n  ; more\ny = 2\n\n[b]\n', '[a]\n# of Bob\n  ; more\n\n[b]\n'],
    ['\ufeff[a] # of Bob\nk = 1\n', '\ufeff[a] # of Bob\n'],
    ['[a]\nk = one\n  # c\n  two\n[a]\ny = 1\n', '[a]\n  # c\n'],
    ['[b]\n[a]\n[c]\n', '[b]\n[c]\n'],
    ['[a]\nk = 1\n[b]\n[a]\ny = 1\n', '[b]\n'],
    ['[b]\n', '[b]\n'],
  ])('removes a from %j', (before, after) => {
    expect(removeAll(before, 'a')).toBe(after);
  });

  it('keeps a comment with its section, however often keys come and go', () => {
    let text = '[b]\nx = 1\n\n[a]\n# mine\nk = v\n\n[c]\n';
    for (let round = 1; round <= 2; round += 1) {
      text = removeAll(text, 'a');
      expect(text).toBe('[b]\nx = 1\n\n[a]\n# mine\n\n[c]\n');
      text = set(text, 'a', { k: 'v' });
      expect(text).toBe('[b]\nx = 1\n\n[a]\n# mine\nk = v\n\n[c]\n');
    }
  });

  it('takes back what setKeys added, byte for byte', () => {
    const fixtures = join(import.meta.dirname, 'fixtures');
    for (const name of readdirSync(fixtures)) {
      const text = readFileSync(join(fixtures, name), 'utf8');
      const document = parseDocument(text, name.endsWith('config') ? 'config' : 'credentials', name);
      const back = printDocument(removeProfile(setKeys(document, 'new', { k: 'v', x: 'y' }), 'new'));
      expect(back, name).toBe(
        text === '' || /[\r\n]$/.test(text) ? text : `${text}${text.includes('\r\n') ? '\r\n' : '\n'}`,
      );
    }
  });
});

/** An entry with a colon below a key without a value is a mistake to the AWS CLI as well. */
function parses(text: string): boolean {
  try {
    read(text, 'config');
    return true;
  } catch (error) {
    return !isStepupError(error, 'aws-file-syntax');
  }
}

type Edit =
  | { readonly type: 'set'; readonly profile: string; readonly key: string; readonly value: string }
  | { readonly type: 'unset'; readonly profile: string; readonly key: string }
  | { readonly type: 'remove'; readonly profile: string };

const profile = fc.constantFrom(...profileNames);
const key = fc.constantFrom(...keys);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('set' as const), profile, key, value: plainValue }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unset' as const), profile, key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), profile }) },
);

/** What the clients see: for each section title, the last value of each key. */
type Meaning = Map<string, Map<string, string>>;

function meaningOf(document: Document): Meaning {
  const meaning: Meaning = new Map();
  for (const { title, entries } of document.sections) {
    const name = `${title.type} ${title.name}`;
    const section = meaning.get(name) ?? new Map<string, string>();
    for (const entry of entries) {
      section.set(entry.key, entry.block === undefined ? entry.value : JSON.stringify([...entry.block]));
    }
    meaning.set(name, section);
  }
  return meaning;
}

function applyToModel(model: Meaning, step: Edit, document: Document): void {
  const name = `profile ${step.profile}`;
  if (step.type === 'remove') {
    model.delete(name);
    // What keeps a comment of the section.
    if (document.sections.some(({ title }) => `${title.type} ${title.name}` === name)) model.set(name, new Map());
  } else if (step.type === 'unset') model.get(name)?.delete(step.key);
  else model.set(name, (model.get(name) ?? new Map<string, string>()).set(step.key, step.value));
}

function applyToDocument(document: Document, step: Edit): Document {
  if (step.type === 'remove') return removeProfile(document, step.profile);
  if (step.type === 'unset') return removeKeys(document, step.profile, [step.key]);
  return setKeys(document, step.profile, { [step.key]: step.value });
}

/** In their order: no edit may lose one. */
const commentsOf = (document: Document): string[] =>
  document.lines.filter(({ type }) => type === 'comment').map(({ text }) => text.trim());

describe('any sequence of edits', () => {
  it('does what a simple model says, and nothing else', () => {
    let refused = 0;
    let done = 0;
    fc.assert(
      fc.property(fileText(configTitle, 'any'), fc.array(edit, { minLength: 1, maxLength: 8 }), (text, edits) => {
        fc.pre(parses(text));
        let document = read(text, 'config');
        const model = meaningOf(document);
        for (const step of edits) {
          const before = printDocument(document);
          try {
            document = applyToDocument(document, step);
          } catch (error) {
            if (!isStepupError(error, 'aws-file-edit-unsafe')) throw error;
            refused += 1;
            continue;
          }
          done += 1;
          applyToModel(model, step, document);
          expect(meaningOf(document)).toEqual(model);
          expect(meaningOf(read(printDocument(document), 'config'))).toEqual(model);
          expectOnlyNamedLinesChanged(before, document, step);
        }
      }),
      { numRuns: 600 },
    );
    expect(done).toBeGreaterThan(refused * 20);
  });
});

/** A set changes, adds or joins few lines; what is left of the old file is the old file's lines in their order. */
function expectOnlyNamedLinesChanged(before: string, document: Document, step: Edit): void {
  const old = read(before, 'config');
  expect(commentsOf(document)).toEqual(commentsOf(old));
  const touched = new Set(
    old.sections
      .filter(({ title }) => title.type === 'profile' && title.name === step.profile)
      .flatMap(({ at, entries }) => {
        const last = entries.at(-1)?.lastAt ?? at;
        return step.type === 'remove'
          ? Array.from({ length: last - at + 2 }, (_, index) => at - 1 + index)
          : entries
              .filter((one) => one.key === step.key)
              .flatMap((one) => Array.from({ length: one.lastAt - one.at + 1 }, (_, index) => one.at + index));
      }),
  );
  const after = document.lines.map(({ text }) => text.replace(/[\r\n\ufeff]/g, ''));
  let from = 0;
  for (const [at, { text }] of old.lines.entries()) {
    if (touched.has(at) || text === '\ufeff') continue;
    const line = text.replace(/[\r\n\ufeff]/g, '');
    const found = after.indexOf(line, from);
    expect(found, `line ${at + 1} of ${JSON.stringify(before)}`).toBeGreaterThanOrEqual(0);
    from = found + 1;
  }
}

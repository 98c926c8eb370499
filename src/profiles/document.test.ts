import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { parseDocument } from './document.ts';
import { findPeculiarities } from './peculiarities.ts';
import { printProfileTitle, readSectionTitle } from './section-title.ts';
import { splitWords } from './split-words.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const read = (text: string) => parseDocument(text, 'config', 'config');

/** Sections with their entries as botocore would give them. */
function meaning(text: string): unknown {
  return read(text).sections.map(({ name, entries }) => [
    name,
    Object.fromEntries(
      entries.map(({ key, value, block }) => [key, block === undefined ? value : Object.fromEntries(block)]),
    ),
  ]);
}

describe('parseDocument', () => {
  it.each(readdirSync(fixtures))('reads %s', (name) => {
    const text = readFileSync(join(fixtures, name), 'utf8');
    expect(() => parseDocument(text, name.endsWith('config') ? 'config' : 'credentials', name)).not.toThrow();
  });

  it('reads blocks, values of several lines, comments and blank lines between', () => {
    expect(meaning('[a]\ns3 =\n  x = 1\n\n  # c\n  Y = 2 # 3\nk = one\n  two\n\n  three=4\n\nlast=')).toEqual([
      ['a', { s3: { x: '1', Y: '2 # 3' }, k: 'one\ntwo\n\nthree=4', last: '' }],
    ]);
  });

  it('takes keys in lower case, both separators, and lines of one indentation as keys', () => {
    expect(meaning('[a]\n  Region : x\n  output=y:z')).toEqual([['a', { region: 'x', output: 'y:z' }]]);
  });

  it('takes an indented section line behind a key for a part of its value, as the AWS CLI does', () => {
    expect(meaning('[a]\nk = v\n  [b]\n')).toEqual([['a', { k: 'v\n[b]' }]]);
    expect(meaning('[a]\n  [b]\n')).toEqual([
      ['a', {}],
      ['b', {}],
    ]);
  });

  it.each([
    ['region = x\n[a]', 'text-before-first-section', 1, 1],
    ['# c\n\n  text', 'text-before-first-section', 3, 3],
    ['[a]\nregion\n', 'line-without-equals-sign', 2, 1],
    ['[a]\r\n  = x\r\n', 'line-without-key', 2, 3],
    ['[a\nx = 1', 'section-without-end', 1, 1],
    [' []', 'section-without-name', 1, 2],
    ['[a]\ns3 =\n  x = 1\n    y\n', 'nested-line-without-equals-sign', 4, 5],
  ] as const)('names the place of what is wrong in %j', (text, problem, line, column) => {
    try {
      read(text);
      expect.unreachable();
    } catch (error) {
      expect(isStepupError(error, 'aws-file-syntax') && error.fields).toEqual({
        path: 'config',
        problem,
        line,
        column,
      });
    }
  });
});

describe('findPeculiarities', () => {
  const found = (text: string) => findPeculiarities(read(text)).map(({ type, line, name }) => [type, line, name]);

  it('finds what clients take differently', () => {
    expect(found('\ufeff[a]\nK = 1\nk: 2\nx = y # z\n[a]\n[b]')).toEqual([
      ['byte-order-mark', 1, ''],
      ['upper-case-key', 2, 'k'],
      ['duplicate-key', 3, 'k'],
      ['colon', 3, 'k'],
      ['comment-behind-value', 4, 'x'],
      ['duplicate-section', 5, 'a'],
    ]);
  });

  it('finds two spellings of one profile', () => {
    expect(found('[profile a]\n[profile "a"]\n[profile b]')).toEqual([['two-spellings', 2, 'profile "a"']]);
  });

  it('finds lines that end with CR alone', () => {
    expect(found('[a]\r\nx = 1\r[b]\r')).toEqual([['lone-carriage-return', 2, '']]);
  });

  it('finds none in a plain file', () => {
    expect(findPeculiarities(read(readFileSync(join(fixtures, 'plain.config'), 'utf8')))).toEqual([]);
  });
});

describe('section titles', () => {
  it.each([
    ['default', 'profile', 'default'],
    ['profile x', 'profile', 'x'],
    ['profile default', 'profile', 'default'],
    ['profile "a b"', 'profile', 'a b'],
    ["profile\t'a b'", 'profile', 'a b'],
    ['profile a\\ b', 'profile', 'a b'],
    ['profile a b', 'other', 'profile a b'],
    ['profile "a', 'other', 'profile "a'],
    ['profile', 'other', 'profile'],
    [' profile x', 'other', ' profile x'],
    ['sso-session s', 'sso-session', 's'],
    ['services "s t"', 'services', 's t'],
    ['x', 'other', 'x'],
    ['DEFAULT', 'defaults', 'DEFAULT'],
  ])('reads [%s] of the config file', (section, type, name) => {
    expect(readSectionTitle(section, 'config')).toEqual({ type, name });
  });

  it('takes names of the credentials file as they are', () => {
    expect(readSectionTitle('profile x', 'credentials')).toEqual({ type: 'profile', name: 'profile x' });
  });

  it.each(['default', 'x', 'a b', 'a"b', 'back\\slash', "it's", 'ü', 'user@host/role:1'])('reads back %j', (name) => {
    for (const file of ['config', 'credentials'] as const) {
      expect(readSectionTitle(printProfileTitle(name, file), file)).toEqual({ type: 'profile', name });
    }
  });

  it.each(['', ' a', 'a\n', 'a]', '[a', 'a #b', 'DEFAULT', '__proto__', 'a\u001b[31m'])(
    'refuses to write %j',
    (name) => {
      expect(() => printProfileTitle(name, 'config')).toThrow(
        expect.objectContaining({ code: 'profile-name-unwritable' }),
      );
    },
  );
});

describe('splitWords', () => {
  it.each([
    ['', []],
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" \'c d\'e', ['a b', 'c de']],
    ['"" \'\'', ['', '']],
    ['a\\ b "c\\"d\\e\\\\" \'f\\\'', ['a b', 'c"d\\e\\', 'f\\']],
    ['"open', undefined],
    ["'open", undefined],
    ['end\\', undefined],
    ['"end\\', undefined],
  ])('splits %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configTitle, fileText } from '../../test/support/aws-file-text.ts';
import { lex, print, tokensOf } from './lexer.ts';

/** The tokens of all lines, put together. */
const joined = (text: string): string =>
  lex(text)
    .flatMap((line) => tokensOf(line).map((token) => token.text))
    .join('');

const fixtures = join(import.meta.dirname, 'fixtures');

describe('lexer', () => {
  it.each(readdirSync(fixtures))('prints %s as it was read, byte for byte', (name) => {
    const bytes = readFileSync(join(fixtures, name));
    expect(Buffer.from(print(lex(bytes.toString('utf8'))))).toEqual(bytes);
    expect(Buffer.from(joined(bytes.toString('utf8')))).toEqual(bytes);
  });

  it('prints any text as it was read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text) => print(lex(text)) === text && joined(text) === text,
      ),
    );
    const signs = fc.constantFrom('[', ']', '=', ':', '#', ';', ' ', '\t', '\n', '\r', '\r\n', 'a', '\ufeff', '\u2028');
    fc.assert(
      fc.property(
        fc.array(signs, { maxLength: 60 }),
        (text) => print(lex(text.join(''))) === text.join('') && joined(text.join('')) === text.join(''),
      ),
      { numRuns: 1000 },
    );
  });

  it('prints any file as it was read', () => {
    fc.assert(
      fc.property(fileText(configTitle, 'any'), (text) => print(lex(text)) === text && joined(text) === text),
      { numRuns: 500 },
    );
  });

  it('tells the parts of each kind of line', () => {
    const shape = (text: string) => lex(text).map((line) => [line.type, ...tokensOf(line).map((token) => token.text)]);
    expect(shape('\ufeff[a] # c\n  k : v  \r\n\n # x\n    more = \n')).toEqual([
      ['section', '\ufeff', '[', 'a', ']', ' # c', '\n'],
      ['entry', '  ', 'k', ' : ', 'v', '  ', '\r\n'],
      ['blank', '\n'],
      ['comment', ' ', '# x', '\n'],
      ['continuation', '    ', 'more =', ' ', '\n'],
    ]);
    expect(shape('[a]\ns3 =\n  b = c')[2]).toEqual(['block-entry', '  ', 'b', ' = ', 'c']);
    expect(shape('[a]b]c')).toEqual([['section', '[', 'a]b', ']', 'c']]);
    expect(shape('[a] ; [b]')).toEqual([['section', '[', 'a', ']', ' ; [b]']]);
    expect(shape('[a')).toEqual([['open-section', '[', 'a']]);
  });

  it('does not take long for long lines', () => {
    const start = performance.now();
    for (const sign of [' ', '=', '[', ']', 'a', '# ', ' #', '\\'])
      lex(`[${sign.repeat(200_000)}\n${sign.repeat(200_000)}x`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

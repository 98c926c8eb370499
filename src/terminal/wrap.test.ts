import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth, wrapText } from './wrap.ts';

describe('wrapped text', () => {
  it('hangs under its beginning', () => {
    expect(wrapText('one two three four', 14, '  for  ')).toEqual(['  for  one two', '       three', '       four']);
  });

  it('leaves a word whole that is longer than the line', () => {
    expect(wrapText('to arn:aws:iam::123456789012:role/deploy now', 10)).toEqual([
      'to',
      'arn:aws:iam::123456789012:role/deploy',
      'now',
    ]);
  });

  it('says all words in their order, on lines that fit', () => {
    const words = fc.array(fc.stringMatching(/^[a-z\u3042]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 16, max: 60 }), (list, width) => {
        const lines = wrapText(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it.each([
    [undefined, 100],
    [80, 80],
    [300, 100],
    [10, 40],
  ])('on a terminal of %s columns is %s wide', (columns, width) => {
    expect(textWidth(columns === undefined ? {} : { columns })).toBe(width);
  });
});

import { describe, expect, it } from 'vitest';
import { tableLines } from './table.ts';

describe('tableLines', () => {
  it('lines up columns, colours and wide characters included', () => {
    const red = (text: string): string => `<${text}>`;
    expect(
      tableLines([
        ['profile', 'left'],
        [{ text: 'a', paint: red }, '1 h'],
        ['日本', ''],
        ['e\u0301a', 'x'],
      ]),
    ).toEqual(['profile  left', '<a>        1 h', '日本', 'e\u0301a       x']);
  });

  it('is nothing for no rows', () => {
    expect(tableLines([])).toEqual([]);
  });
});

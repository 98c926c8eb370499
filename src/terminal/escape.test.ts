import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLines, escapeText } from './escape.ts';

describe('escapeText', () => {
  it.each([
    ['plain', 'plain'],
    ['Jürgen 日本 🙂', 'Jürgen 日本 🙂'],
    ['\u001b[31mred\u001b[0m', '\\e[31mred\\e[0m'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['work\u202egnp.exe', 'work\\u{202e}gnp.exe'],
    ['\u009b2J', '\\u{9b}2J'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['\ud800x', '\\u{d800}x'],
  ])('shows %j as %j', (given, shown) => {
    expect(escapeText(given)).toBe(shown);
  });

  it('leaves no control, format or separator character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
      }),
    );
  });
});

describe('escapeLines', () => {
  it('keeps line breaks only', () => {
    expect(escapeLines('a\n\u001bb\r\nc')).toBe('a\n\\eb\\r\nc');
  });
});

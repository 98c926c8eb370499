import { describe, expect, it } from 'vitest';
import { readCode, requireCode } from './code.ts';

describe('readCode', () => {
  it.each([
    ['123456', '123456'],
    [' 123456\n', '123456'],
    ['123 456', '123456'],
    ['000000', '000000'],
  ])('%j is %s', (text, code) => {
    expect(readCode(text)).toBe(code);
    expect(requireCode(text, 'here')).toBe(code);
  });

  it.each(['', '12345', '1234567', '12345a', '١٢٣٤٥٦', '123456;ls'])('%j is none', (text) => {
    expect(readCode(text)).toBeUndefined();
    expect(() => requireCode(text, 'here')).toThrow('code-malformed');
  });
});

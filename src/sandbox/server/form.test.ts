import { expect, it } from 'vitest';
import { Refusal } from '../../enforcement/refusal.ts';
import { parseForm } from './form.ts';

it('reads parameters as a form writes them', () => {
  expect([...parseForm('Action=GetUser&Name=a+b%2Bc&Empty=&Bare&Utf=%C3%BC&Equals=a=b')]).toEqual([
    ['Action', 'GetUser'],
    ['Name', 'a b+c'],
    ['Empty', ''],
    ['Bare', ''],
    ['Utf', 'ü'],
    ['Equals', 'a=b'],
  ]);
  expect(parseForm('').size).toBe(0);
  expect(parseForm('&&a=1&').size).toBe(1);
});

it.each(['a=%', 'a=%zz', 'a=%ff', '%c3=1', 'a=1&a=2', 'a=1&%61=2'])('refuses %s', (text) => {
  expect(() => parseForm(text)).toThrow(Refusal);
});

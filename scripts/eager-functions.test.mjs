import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withEagerFunctions } from './eager-functions.mjs';

test('puts each declared function in parentheses and before all else, and leaves the rest', () => {
  const script = `#!/usr/bin/env node
"use strict";var a=b();function b(){return function c(){}}async function d(){}class E{f(){}}`;
  expect(withEagerFunctions(script)).toBe(`#!/usr/bin/env node
"use strict";;var b=(function (){return function c(){}});var d=(async function (){});var a=b();class E{f(){}}`);
});

test.each([
  "'use strict'\nvar early=f(3);function f(n){return n<2?1:n*f(n-1)}\nfunction*g(){yield early;yield typeof f}\n[...g()]",
  'class A{}function f(){return 2}(0,f)()',
  'var n=0\nfunction f(){n++}\nf()\nn',
])('means the same as before: %j', (script) => {
  expect(runInNewContext(withEagerFunctions(script))).toEqual(runInNewContext(script));
});

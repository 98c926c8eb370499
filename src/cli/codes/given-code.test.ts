import { describe, expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import type { CodeRequest } from '../../mfa/source.ts';
import { codeFromOption } from './given-code.ts';

const REQUEST: CodeRequest = {
  profile: 'work',
  serialNumber: 'GAHT12345678',
  host: 'h',
  askedBy: 'the test',
  attempt: 1,
  refused: [],
};

describe('--code', () => {
  it('is the code itself', async () => {
    expect(await codeFromOption('123456', fakeIo([]))?.code(REQUEST, undefined)).toBe('123456');
    expect(codeFromOption(undefined, fakeIo([]))).toBeUndefined();
    expect(() => codeFromOption('12345', fakeIo([]))).toThrow('code-malformed');
  });

  it.each([
    ['123456\n', '123456'],
    ['123 456', '123456'],
    ['123456\nanything else', '123456'],
  ])('- reads %j from stdin', async (stdin, code) => {
    expect(await codeFromOption('-', fakeIo([], { stdin }))?.code(REQUEST, undefined)).toBe(code);
  });

  it.each(['', '\n123456', 'x'.repeat(5000)])('- refuses %.10j', async (stdin) => {
    await expect(codeFromOption('-', fakeIo([], { stdin }))?.code(REQUEST, undefined)).rejects.toThrow(
      'code-malformed',
    );
  });

  it('- gives up waiting at Ctrl-C', async () => {
    const io = fakeIo([]);
    const waiting = codeFromOption('-', io)?.code(REQUEST, undefined);
    setTimeout(io.interrupt, 20);
    await expect(waiting).rejects.toThrow('interrupted');
  });
});

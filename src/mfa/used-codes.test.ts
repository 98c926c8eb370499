import { expect, it } from 'vitest';
import { usedCodes } from './used-codes.ts';

const device = { serialNumber: 'arn:aws:iam::123456789012:mfa/alice', host: 'sts.eu-west-1.amazonaws.com' };

function world() {
  const kept = new Map<string, string>();
  let nowMs = 1_000_000;
  const codes = usedCodes({
    memory: { recall: (name) => kept.get(name), remember: (name, text) => void kept.set(name, text) },
    now: () => nowMs,
  });
  return { codes, kept, pass: (seconds: number) => (nowMs += seconds * 1000) };
}

it('knows the code that AWS took last, for as long as it could be typed again', () => {
  const { codes, pass } = world();
  expect(codes.secondsSinceUse(device, '123456')).toBeUndefined();
  codes.remember(device, '123456');
  pass(12);
  expect(codes.secondsSinceUse(device, '123456')).toBe(12);
  expect(codes.secondsSinceUse(device, '123457')).toBeUndefined();
  expect(codes.secondsSinceUse({ ...device, host: '127.0.0.1:1' }, '123456')).toBeUndefined();
  pass(200);
  expect(codes.secondsSinceUse(device, '123456')).toBeUndefined();
});

it('keeps no code, and takes a memory that was tampered with for none', () => {
  const { codes, kept } = world();
  codes.remember(device, '123456');
  expect([...kept.values()].join()).not.toContain('123456');
  for (const text of ['', 'x', '1000000', '1000000 aa bb', '1000000 aa']) {
    for (const name of kept.keys()) kept.set(name, text);
    expect(codes.secondsSinceUse(device, '123456')).toBeUndefined();
  }
});

import { expect, it } from 'vitest';
import { defaultDeviceName, isDeviceName, virtualSerialNumber } from './device-name.ts';

const ALICE = 'arn:aws-us-gov:iam::123456789012:user/team/alice';

it.each(['alice', 'a', 'alice+ops@example.com', 'x'.repeat(200)])('%j is a name', (name) => {
  expect(isDeviceName(name)).toBe(true);
});

it.each(['', 'my phone', 'a/b', 'ä', 'x\n', 'x'.repeat(201)])('%j is none', (name) => {
  expect(isDeviceName(name)).toBe(false);
});

it('calls the first device as the user, and each further one by the first number that is free', () => {
  const serial = (name: string) => virtualSerialNumber(ALICE, name);
  expect(serial('alice')).toBe('arn:aws-us-gov:iam::123456789012:mfa/alice');
  expect(defaultDeviceName(ALICE, 'alice', [])).toBe('alice');
  expect(defaultDeviceName(ALICE, 'alice', ['GAHT12345678', serial('Alice')])).toBe('alice-2');
  expect(defaultDeviceName(ALICE, 'alice', [serial('alice'), serial('alice-2'), serial('alice-4')])).toBe('alice-3');
});

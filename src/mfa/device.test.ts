import { describe, expect, it } from 'vitest';
import { readSerialNumber } from './device.ts';

describe('readSerialNumber', () => {
  it.each([
    ['arn:aws:iam::123456789012:mfa/alice', { kind: 'totp', form: 'virtual', accountId: '123456789012' }],
    [' arn:aws-us-gov:iam::123456789012:mfa/team/alice ', { kind: 'totp', form: 'virtual' }],
    ['GAHT12345678', { kind: 'totp', form: 'hardware' }],
    ['arn:aws:iam::123456789012:u2f/user/alice/key-AB12', { kind: 'fido' }],
    ['arn:aws:iam::123456789012:user/alice', { kind: 'user-given', guess: 'arn:aws:iam::123456789012:mfa/alice' }],
    [
      'arn:aws-cn:iam::123456789012:user/team/alice',
      { kind: 'user-given', guess: 'arn:aws-cn:iam::123456789012:mfa/alice' },
    ],
    ['arn:aws:iam::123456789012:role/alice', { kind: 'unknown' }],
    ['arn:aws:iam::1234:mfa/alice', { kind: 'unknown' }],
    ['alice', { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
  ])('%j', (text, device) => {
    expect(readSerialNumber(text)).toMatchObject({ ...device, serialNumber: text.trim() });
  });
});

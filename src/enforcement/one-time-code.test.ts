import { expect, test } from 'vitest';
import { ACCOUNT, ALICE, NOW_MS, ROOT, type TestAuthority, testAuthority } from '../../test/support/test-authority.ts';
import { stepAt, totpCode } from '../totp/code.ts';
import { provesDevice, verifyCode } from './one-time-code.ts';
import type { KeyOwner } from './ports.ts';

const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const SECRET = Buffer.from('a secret of twenty b');
const STEP = stepAt(NOW_MS);

const bob: KeyOwner = { ...ALICE, userId: 'AIDABOBBOBBOBBOBBOB22', userName: 'bob' };

function withDevice(): TestAuthority {
  const authority = testAuthority();
  authority.devices.set(SERIAL, { serialNumber: SERIAL, secret: SECRET, ownerId: ALICE.userId });
  return authority;
}

function codeAt(offset: number): string {
  return totpCode(SECRET, STEP + offset);
}

const wrongCode = expect.objectContaining({
  code: 'AccessDenied',
  status: 403,
  message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
});
const wrongDevice = expect.objectContaining({
  code: 'AccessDenied',
  status: 403,
  message:
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
});

test.each([-1, 0, 1])('takes the code of step %i', (offset) => {
  expect(() => verifyCode(ALICE, SERIAL, codeAt(offset), withDevice())).not.toThrow();
});

test.each([-3, -2, 2, 3, 1000])('refuses the code of step %i', (offset) => {
  expect(() => verifyCode(ALICE, SERIAL, codeAt(offset), withDevice())).toThrow(wrongCode);
});

test.each(['', '12345', '1234567', '12345a', ' 12345', '１２３４５６', `${'0'.repeat(6)}\n`])('refuses %j', (code) => {
  expect(() => verifyCode(ALICE, SERIAL, code, withDevice())).toThrow(wrongCode);
});

test('refuses every code but three', () => {
  const good = new Set([-1, 0, 1].map(codeAt));
  for (let n = 0; n < 1000; n += 1) {
    const code = String((n * 1009) % 1_000_000).padStart(6, '0');
    if (good.has(code)) continue;
    expect(() => verifyCode(ALICE, SERIAL, code, withDevice())).toThrow(wrongCode);
  }
});

test('a code is good once, and so are the ones before it', () => {
  const authority = withDevice();
  verifyCode(ALICE, SERIAL, codeAt(0), authority);
  expect(() => verifyCode(ALICE, SERIAL, codeAt(0), authority)).toThrow(wrongCode);
  expect(() => verifyCode(ALICE, SERIAL, codeAt(-1), authority)).toThrow(wrongCode);
  verifyCode(ALICE, SERIAL, codeAt(1), authority);
  authority.time.authorityMs += 30_000;
  expect(() => verifyCode(ALICE, SERIAL, codeAt(1), authority)).toThrow(wrongCode);
  verifyCode(ALICE, SERIAL, codeAt(2), authority);
});

test('a wrong code uses nothing up', () => {
  const authority = withDevice();
  expect(() => verifyCode(ALICE, SERIAL, '000000', authority)).toThrow(wrongCode);
  verifyCode(ALICE, SERIAL, codeAt(-1), authority);
});

test('says yes only after the replay memory has taken the step', () => {
  const authority = withDevice();
  const full = {
    ...authority,
    replay: {
      claim: () => {
        throw new Error('no space left on device');
      },
    },
  };
  expect(() => verifyCode(ALICE, SERIAL, codeAt(0), full)).toThrow('no space left on device');
  const taken = { ...authority, replay: { claim: () => false } };
  expect(() => verifyCode(ALICE, SERIAL, codeAt(0), taken)).toThrow(wrongCode);
});

test("follows the authority's clock, not the machine's", () => {
  const authority = withDevice();
  authority.time.machineMs += 3_600_000;
  verifyCode(ALICE, SERIAL, codeAt(0), authority);
});

test.each([
  ["another user's device", bob, SERIAL],
  ["root with a user's device", ROOT, SERIAL],
  ['a device that is not there', ALICE, `arn:aws:iam::${ACCOUNT}:mfa/nobody`],
  ["the user's own ARN, a common slip", ALICE, ALICE.arn],
] as const)('refuses %s', (_what, owner, serial) => {
  expect(() => verifyCode(owner, serial, codeAt(0), withDevice())).toThrow(wrongDevice);
});

const device = { serialNumber: SERIAL, secret: SECRET };

test.each([
  [-2, -1],
  [-1, 0],
  [0, 1],
])('the codes of steps %i and %i prove a device', (first, second) => {
  const authority = withDevice();
  expect(provesDevice(device, codeAt(first), codeAt(second), authority)).toBe(true);
  expect(() => verifyCode(ALICE, SERIAL, codeAt(second), authority)).toThrow(wrongCode);
});

test.each([
  [-3, -2],
  [1, 2],
  [0, 0],
  [1, 0],
  [-1, 1],
])('the codes of steps %i and %i do not', (first, second) => {
  const authority = withDevice();
  expect(provesDevice(device, codeAt(first), codeAt(second), authority)).toBe(false);
  verifyCode(ALICE, SERIAL, codeAt(-1), authority);
});

test('two codes prove a device once', () => {
  const authority = withDevice();
  expect(provesDevice(device, codeAt(-1), codeAt(0), authority)).toBe(true);
  expect(provesDevice(device, codeAt(-1), codeAt(0), authority)).toBe(false);
  expect(provesDevice(device, codeAt(0), codeAt(1), authority)).toBe(true);
});

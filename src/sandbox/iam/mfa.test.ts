import { expect, test } from 'vitest';
import { ACCOUNT, asUser, type IamAccount, iamAccount, ROOT } from '../../../test/support/iam-account.ts';
import { stepAt, totpCode } from '../../totp/code.ts';
import { decodeSeed } from '../../totp/seed.ts';

const serial = (name: string) => `arn:aws:iam::${ACCOUNT}:mfa/${name}`;

interface Phone {
  readonly secret: Uint8Array;
}

function createDevice(account: IamAccount, name: string): Phone {
  const { VirtualMFADevice } = account.call('CreateVirtualMFADevice', { VirtualMFADeviceName: name });
  const seed = Buffer.from(VirtualMFADevice.Base32StringSeed, 'base64').toString();
  return { secret: decodeSeed(seed) ?? new Uint8Array() };
}

/** The codes of the step that is `offset` steps from now and of the one before it. */
function twoCodes(account: IamAccount, { secret }: Phone, offset = 0) {
  const step = stepAt(account.clock.ms) + offset;
  return { AuthenticationCode1: totpCode(secret, step - 1), AuthenticationCode2: totpCode(secret, step) };
}

function accountWithUser() {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  return account;
}

const invalidCode = expect.objectContaining({
  code: 'InvalidAuthenticationCode',
  status: 403,
  message: 'Authentication code for device is not valid.',
});

test('creates a device with seed and QR code', () => {
  const account = iamAccount();
  const { VirtualMFADevice } = account.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'alice', Path: '/x/' });
  expect(VirtualMFADevice.SerialNumber).toBe(`arn:aws:iam::${ACCOUNT}:mfa/x/alice`);
  expect(Buffer.from(VirtualMFADevice.Base32StringSeed, 'base64').toString()).toMatch(/^[A-Z2-7]{64}$/);
  expect(Buffer.from(VirtualMFADevice.QRCodePNG, 'base64').subarray(1, 4).toString()).toBe('PNG');
  expect(() => account.call('CreateVirtualMFADevice', { VirtualMFADeviceName: 'ALICE', Path: '/x/' })).toThrow(
    expect.objectContaining({ code: 'EntityAlreadyExists', status: 409, message: 'MFA device already exists.' }),
  );
});

test('enables a device with two codes that follow each other, and lists it', () => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  const enable = { UserName: 'alice', SerialNumber: serial('alice') };
  expect(account.call('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' }).VirtualMFADevices).toHaveLength(1);
  account.call('EnableMFADevice', { ...enable, ...twoCodes(account, phone) });

  const listed = { UserName: 'alice', SerialNumber: serial('alice'), EnableDate: '2026-01-02T03:04:05Z' };
  expect(account.call('ListMFADevices', { UserName: 'alice' })).toEqual({ MFADevices: [listed], IsTruncated: false });
  expect(account.call('ListMFADevices', {}, asUser(account, 'alice')).MFADevices).toEqual([listed]);
  expect(account.call('ListMFADevices', {}, ROOT).MFADevices).toEqual([]);
  expect(account.call('GetMFADevice', { SerialNumber: serial('alice') })).toEqual(listed);
  expect(account.call('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' }).VirtualMFADevices).toMatchObject([
    { SerialNumber: serial('alice'), User: { UserName: 'alice' } },
  ]);
  expect(account.call('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' }).VirtualMFADevices).toEqual([]);
});

test.each([-1, 0, 1])('takes codes whose second is %i steps from now', (offset) => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  account.call('EnableMFADevice', {
    UserName: 'alice',
    SerialNumber: serial('alice'),
    ...twoCodes(account, phone, offset),
  });
  expect(account.call('ListMFADevices', { UserName: 'alice' }).MFADevices).toHaveLength(1);
});

test.each([
  [
    'the same code twice',
    (codes: Record<string, string>) => ({ ...codes, AuthenticationCode2: codes['AuthenticationCode1'] ?? '' }),
  ],
  [
    'the codes in the wrong order',
    ({ AuthenticationCode1 = '', AuthenticationCode2 = '' }: Record<string, string>) => ({
      AuthenticationCode1: AuthenticationCode2,
      AuthenticationCode2: AuthenticationCode1,
    }),
  ],
])('does not enable with %s', (_, change) => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  const codes = change(twoCodes(account, phone));
  const enable = { UserName: 'alice', SerialNumber: serial('alice'), ...codes };
  expect(() => account.call('EnableMFADevice', enable)).toThrow(invalidCode);
  expect(account.call('ListMFADevices', { UserName: 'alice' }).MFADevices).toEqual([]);
});

test('does not enable with codes of another time', () => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  for (const offset of [-4, 4]) {
    const enable = { UserName: 'alice', SerialNumber: serial('alice'), ...twoCodes(account, phone, offset) };
    expect(() => account.call('EnableMFADevice', enable)).toThrow(invalidCode);
  }
});

test('codes that enabled a device are used up', () => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  const enable = { UserName: 'alice', SerialNumber: serial('alice'), ...twoCodes(account, phone) };
  account.call('EnableMFADevice', enable);
  account.call('DeactivateMFADevice', { UserName: 'alice', SerialNumber: serial('alice') });
  expect(() => account.call('EnableMFADevice', enable)).toThrow(invalidCode);
  account.clock.ms += 60_000;
  account.call('EnableMFADevice', { ...enable, ...twoCodes(account, phone) });
});

test('a device belongs to one user', () => {
  const account = accountWithUser();
  account.call('CreateUser', { UserName: 'bob' });
  const phone = createDevice(account, 'phone');
  const SerialNumber = serial('phone');
  account.call('EnableMFADevice', { UserName: 'alice', SerialNumber, ...twoCodes(account, phone) });
  account.clock.ms += 60_000;
  expect(() => account.call('EnableMFADevice', { UserName: 'bob', SerialNumber, ...twoCodes(account, phone) })).toThrow(
    expect.objectContaining({ code: 'EntityAlreadyExists', status: 409, message: 'MFA Device is already in use.' }),
  );
  const missing = `MFA Device with serial number ${SerialNumber} does not exist.`;
  expect(() => account.call('DeactivateMFADevice', { UserName: 'bob', SerialNumber })).toThrow(missing);
  expect(() => account.call('ResyncMFADevice', { UserName: 'bob', SerialNumber, ...twoCodes(account, phone) })).toThrow(
    missing,
  );
  expect(() => account.call('GetMFADevice', { UserName: 'bob', SerialNumber })).toThrow(missing);
});

test('names what is missing: the user first, then the device', () => {
  const account = accountWithUser();
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  expect(() => account.call('EnableMFADevice', { UserName: 'nobody', SerialNumber: serial('none'), ...codes })).toThrow(
    'The user with name nobody cannot be found.',
  );
  const missing = expect.objectContaining({
    code: 'NoSuchEntity',
    status: 404,
    message: `MFA Device with serial number ${serial('none')} does not exist.`,
  });
  expect(() => account.call('EnableMFADevice', { UserName: 'alice', SerialNumber: serial('none'), ...codes })).toThrow(
    missing,
  );
  expect(() => account.call('DeactivateMFADevice', { UserName: 'alice', SerialNumber: serial('none') })).toThrow(
    missing,
  );
  expect(() => account.call('DeleteVirtualMFADevice', { SerialNumber: serial('none') })).toThrow(missing);
});

test('a device in use, or its user, is not deleted', () => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  const SerialNumber = serial('alice');
  account.call('EnableMFADevice', { UserName: 'alice', SerialNumber, ...twoCodes(account, phone) });
  expect(() => account.call('DeleteVirtualMFADevice', { SerialNumber })).toThrow(
    expect.objectContaining({ code: 'DeleteConflict', message: 'MFA VirtualDevice in use. Must deactivate first.' }),
  );
  expect(() => account.call('DeleteUser', { UserName: 'alice' })).toThrow(
    'Cannot delete entity, must delete MFA device first.',
  );
  account.call('DeactivateMFADevice', { UserName: 'alice', SerialNumber });
  expect(account.call('ListVirtualMFADevices').VirtualMFADevices).toHaveLength(1);
  account.call('DeleteVirtualMFADevice', { SerialNumber });
  expect(account.call('ListVirtualMFADevices').VirtualMFADevices).toEqual([]);
  account.call('DeleteUser', { UserName: 'alice' });
});

test('resyncs with two fresh codes', () => {
  const account = accountWithUser();
  const phone = createDevice(account, 'alice');
  const device = { UserName: 'alice', SerialNumber: serial('alice') };
  const codes = twoCodes(account, phone);
  account.call('EnableMFADevice', { ...device, ...codes });
  expect(() => account.call('ResyncMFADevice', { ...device, ...codes })).toThrow(invalidCode);
  account.clock.ms += 90_000;
  account.call('ResyncMFADevice', { ...device, ...twoCodes(account, phone) });
});

test('eight devices a user, of mixed kinds', () => {
  const account = accountWithUser();
  const holder = { accountId: ACCOUNT, userName: 'alice' };
  account.addDevice({ ...holder, type: 'fido', name: 'key' });
  account.addDevice({ ...holder, type: 'hardware', serialNumber: 'GAHT12345678', seedBase32: 'MZXW6YTB' });
  const enable = (n: number) => {
    const phone = createDevice(account, `d${n}`);
    account.call('EnableMFADevice', { UserName: 'alice', SerialNumber: serial(`d${n}`), ...twoCodes(account, phone) });
  };
  for (let n = 0; n < 6; n++) enable(n);
  expect(() => enable(6)).toThrow(expect.objectContaining({ code: 'LimitExceeded', status: 409 }));
  const serials = account
    .call('ListMFADevices', { UserName: 'alice' })
    .MFADevices.map((device: { SerialNumber: string }) => device.SerialNumber);
  expect(serials).toHaveLength(8);
  expect(serials).toContain('GAHT12345678');
  expect(serials).toContainEqual(expect.stringMatching(/^arn:aws:iam::111122223333:u2f\/user\/alice\//));
  expect(account.call('ListVirtualMFADevices').VirtualMFADevices).toHaveLength(7);
});

test('a hardware token can be enabled again, for another', () => {
  const account = accountWithUser();
  account.call('CreateUser', { UserName: 'bob' });
  const SerialNumber = 'GAHT12345678';
  account.addDevice({
    type: 'hardware',
    accountId: ACCOUNT,
    userName: 'alice',
    serialNumber: SerialNumber,
    seedBase32: 'MZXW6YTB',
  });
  account.call('DeactivateMFADevice', { UserName: 'alice', SerialNumber });
  const token = { secret: decodeSeed('MZXW6YTB') ?? new Uint8Array() };
  account.call('EnableMFADevice', { UserName: 'bob', SerialNumber, ...twoCodes(account, token) });
  expect(account.call('ListMFADevices', { UserName: 'bob' }).MFADevices).toMatchObject([{ SerialNumber }]);
  expect(() => account.call('DeleteVirtualMFADevice', { SerialNumber })).toThrow('does not exist');
});

test('a FIDO device is gone when deactivated, and takes no codes', () => {
  const account = accountWithUser();
  const SerialNumber = account.addDevice({ type: 'fido', accountId: ACCOUNT, userName: 'alice', name: 'key' });
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  expect(() => account.call('ResyncMFADevice', { UserName: 'alice', SerialNumber, ...codes })).toThrow(
    'does not exist',
  );
  account.call('DeactivateMFADevice', { UserName: 'alice', SerialNumber });
  expect(account.call('ListMFADevices', { UserName: 'alice' }).MFADevices).toEqual([]);
});

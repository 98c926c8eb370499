import { expect } from 'vitest';
import { UnknownOperation } from '../harness/aws-client.ts';
import { phoneOf, STEP_MS } from '../harness/people.ts';
import { readQr } from '../harness/qr.ts';
import type { Stage, Step } from './stage.ts';

async function newDevice({ iam, sandbox }: Stage, name: string) {
  const { VirtualMFADevice } = await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: name });
  const seed: string = VirtualMFADevice.Base32StringSeed.toString();
  return { VirtualMFADevice, seed, phone: phoneOf(VirtualMFADevice.SerialNumber, seed, sandbox.clock) };
}

/** Older clients have no GetMFADevice; the play says which calls weren't made. */
function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof UnknownOperation) return undefined;
    throw error;
  });
}

export const devices: readonly Step[] = [
  {
    does: 'makes a device, whose picture holds the seed that enables it with two consecutive codes',
    async run(stage) {
      const { iam, refused, account } = stage;
      await iam('CreateUser', { UserName: 'carol' });
      const { VirtualMFADevice, seed, phone } = await newDevice(stage, 'carol-phone');
      expect(VirtualMFADevice.SerialNumber).toBe(`arn:aws:iam::${account.accountId}:mfa/carol-phone`);
      expect(seed).toMatch(/^[A-Z2-7]{64}$/);
      // The AWS CLI asks for one of seed and picture; a test of its own reads its picture.
      if (VirtualMFADevice.QRCodePNG !== undefined) {
        expect(await readQr(VirtualMFADevice.QRCodePNG)).toBe(
          `otpauth://totp/Amazon%20Web%20Services:carol-phone@${account.accountId}?secret=${seed}&issuer=Amazon%20Web%20Services`,
        );
      }
      const same = await refused('iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'carol-phone' });
      expect(same.code).toBe('EntityAlreadyExists');
      expect(
        (await iam('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' }))['VirtualMFADevices'],
      ).toMatchObject([{ SerialNumber: phone.serialNumber }]);

      const enable = { UserName: 'carol', SerialNumber: phone.serialNumber };
      const twice = { AuthenticationCode1: await phone.codeIn(0), AuthenticationCode2: await phone.codeIn(0) };
      expect((await refused('iam', 'EnableMFADevice', { ...enable, ...twice })).code).toBe('InvalidAuthenticationCode');
      const pair = await phone.consecutiveCodes();
      await iam('EnableMFADevice', { ...enable, ...pair });
      expect((await iam('ListMFADevices', { UserName: 'carol' }))['MFADevices']).toMatchObject([
        { UserName: 'carol', SerialNumber: phone.serialNumber },
      ]);
      const shown = await unlessUnknown(iam('GetMFADevice', { SerialNumber: phone.serialNumber }));
      if (shown) expect(shown).toMatchObject({ UserName: 'carol', SerialNumber: phone.serialNumber });
      expect((await iam('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' }))['VirtualMFADevices']).toMatchObject(
        [{ SerialNumber: phone.serialNumber, User: { UserName: 'carol' } }],
      );
    },
  },
  {
    does: 'resynchronises with two codes, never with used ones',
    async run(stage) {
      const { iam, refused, sandbox } = stage;
      await iam('CreateUser', { UserName: 'dora' });
      const { phone } = await newDevice(stage, 'dora-phone');
      const device = { UserName: 'dora', SerialNumber: phone.serialNumber };
      const pair = await phone.consecutiveCodes();
      await iam('EnableMFADevice', { ...device, ...pair });
      expect((await refused('iam', 'ResyncMFADevice', { ...device, ...pair })).code).toBe('InvalidAuthenticationCode');
      sandbox.clock.advance(2 * STEP_MS);
      const next = await phone.consecutiveCodes();
      await iam('ResyncMFADevice', { ...device, ...next });
      await iam('DeactivateMFADevice', device);
      await iam('DeleteVirtualMFADevice', { SerialNumber: phone.serialNumber });
      await iam('DeleteUser', { UserName: 'dora' });
    },
  },
  {
    does: 'tags, deactivates and deletes a device',
    async run({ iam, refused, account }) {
      const SerialNumber = `arn:aws:iam::${account.accountId}:mfa/carol-phone`;
      await iam('TagMFADevice', {
        SerialNumber,
        Tags: [
          { Key: 'colour', Value: 'red' },
          { Key: 'case', Value: 'no' },
        ],
      });
      await iam('UntagMFADevice', { SerialNumber, TagKeys: ['case'] });
      expect((await iam('ListMFADeviceTags', { SerialNumber }))['Tags']).toEqual([{ Key: 'colour', Value: 'red' }]);
      expect((await refused('iam', 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('DeleteConflict');
      await iam('DeactivateMFADevice', { UserName: 'carol', SerialNumber });
      expect((await iam('ListMFADevices', { UserName: 'carol' }))['MFADevices']).toEqual([]);
      await iam('DeleteVirtualMFADevice', { SerialNumber });
      expect((await refused('iam', 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('NoSuchEntity');
      await iam('DeleteUser', { UserName: 'carol' });
    },
  },
  {
    does: 'lists a passkey and a hardware token beside a phone, eight devices at most',
    async run(stage) {
      const { iam, refused, sandbox, account } = stage;
      await iam('CreateUser', { UserName: 'erin' });
      const owner = { accountId: account.accountId, userName: 'erin' };
      const fido = sandbox.addDevice({ ...owner, type: 'fido', name: 'yubi' });
      expect(fido).toMatch(new RegExp(`^arn:aws:iam::${account.accountId}:u2f/user/erin/yubi-`));
      for (let number = 1; number <= 7; number++) {
        const serialNumber = `GAHT1234567${number}`;
        sandbox.addDevice({ ...owner, type: 'hardware', serialNumber, seedBase32: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
      }
      expect((await iam('ListMFADevices', { UserName: 'erin' }))['MFADevices']).toHaveLength(8);
      const { phone } = await newDevice(stage, 'ninth');
      const pair = await phone.consecutiveCodes();
      const ninth = { UserName: 'erin', SerialNumber: phone.serialNumber, ...pair };
      expect((await refused('iam', 'EnableMFADevice', ninth)).code).toBe('LimitExceeded');
    },
  },
];

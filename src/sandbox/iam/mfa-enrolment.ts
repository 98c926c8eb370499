/**
 * Virtual MFA devices: create with seed and QR code, enable and resync with two consecutive codes, deactivate, delete.
 * The codes are used up before what they prove is written: a kill in between costs a code, and no more.
 */

import { provesDevice } from '../../enforcement/one-time-code.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import { decodeSeed, encodeSeed, enrolmentUri } from '../../totp/seed.ts';
import { virtualMfaArn } from '../arns.ts';
import { createReplayMemory } from '../directory.ts';
import type { Call } from '../operation.ts';
import { mfaDeviceKey, type TotpMfaDevice } from '../tables.ts';
import { demandDevice, demandOwnedDevice, noSuchDevice, ownedDevices } from './mfa-devices.ts';
import type { InputOf } from './parameters.ts';
import { qrCodePng } from './qr-code.ts';
import { quotas } from './quotas.ts';
import { alreadyExists, deleteConflict, quotaExceeded } from './refusals.ts';
import { demandSubject, demandUser } from './subjects.ts';
import { newTags, printTags } from './tags.ts';

/** 64 characters of Base32, as AWS's seeds have. */
const SEED_BYTES = 40;
function createVirtualMfaDevice(call: Call, input: InputOf<'CreateVirtualMFADevice'>) {
  const { accountId, store } = call;
  const serialNumber = virtualMfaArn({ accountId, path: input.Path ?? '/', name: input.VirtualMFADeviceName });
  const key = mfaDeviceKey(accountId, serialNumber);
  if (store.get('mfaDevices', key) !== undefined) throw alreadyExists('MFA device already exists.');
  const device: TotpMfaDevice = {
    type: 'virtual',
    accountId,
    serialNumber,
    createdAtMs: call.nowMs,
    seedBase32: encodeSeed(call.random.bytes(SEED_BYTES)),
    tags: newTags(input.Tags, 'case-sensitive'),
  };
  store.commit([{ table: 'mfaDevices', key, value: device }]);
  const uri = enrolmentUri(
    device.seedBase32,
    input.VirtualMFADeviceName,
    store.get('accounts', accountId)?.alias ?? accountId,
  );
  return {
    VirtualMFADevice: {
      SerialNumber: serialNumber,
      Base32StringSeed: Buffer.from(device.seedBase32).toString('base64'),
      QRCodePNG: qrCodePng(uri).toString('base64'),
      ...(device.tags.length > 0 && { Tags: printTags(device.tags) }),
    },
  };
}

function enableMfaDevice(call: Call, input: InputOf<'EnableMFADevice'>) {
  const user = demandUser(call, input.UserName);
  const device = demandDevice(call, input.SerialNumber);
  if (device.assignment !== undefined) throw alreadyExists('MFA Device is already in use.');
  if (device.type === 'fido') throw noSuchDevice(input.SerialNumber);
  const owner = { type: 'user', userId: user.userId } as const;
  if (ownedDevices(call, owner).length >= quotas.mfaDevicesPerUser) {
    throw quotaExceeded('MFADevicesPerUser', quotas.mfaDevicesPerUser);
  }
  demandProof(call, device, input);
  const value: TotpMfaDevice = { ...device, assignment: { owner, enabledAtMs: call.nowMs } };
  call.store.commit([{ table: 'mfaDevices', key: mfaDeviceKey(device.accountId, device.serialNumber), value }]);
  return undefined;
}

/** Devices here show their codes by the authority's clock: there is no drift to keep, only the proof to ask for. */
function resyncMfaDevice(call: Call, input: InputOf<'ResyncMFADevice'>) {
  const subject = demandSubject(call, input.UserName);
  const device = demandOwnedDevice(call, subject, input.SerialNumber);
  if (device.type === 'fido') throw noSuchDevice(input.SerialNumber);
  demandProof(call, device, input);
  return undefined;
}

interface TwoCodes {
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

/** Throws `InvalidAuthenticationCode` unless the codes are of two steps that follow each other, neither used before. */
function demandProof(call: Call, device: TotpMfaDevice, codes: TwoCodes): void {
  const { serialNumber } = device;
  const secret = decodeSeed(device.seedBase32);
  const authority = { clocks: call.clocks, replay: createReplayMemory(call.store) };
  const { AuthenticationCode1, AuthenticationCode2 } = codes;
  if (
    secret === undefined ||
    !provesDevice({ serialNumber, secret }, AuthenticationCode1, AuthenticationCode2, authority)
  ) {
    throw new Refusal('InvalidAuthenticationCode', 403, 'Authentication code for device is not valid.');
  }
}

/** The device lingers, unassigned, until it is deleted. A hardware device can be enabled again. */
function deactivateMfaDevice(call: Call, input: InputOf<'DeactivateMFADevice'>) {
  const subject = demandSubject(call, input.UserName);
  const device = demandOwnedDevice(call, subject, input.SerialNumber);
  const key = mfaDeviceKey(device.accountId, device.serialNumber);
  if (device.type === 'fido') {
    call.store.commit([{ table: 'mfaDevices', key, value: null }]);
    return undefined;
  }
  const { assignment, ...unassigned } = device;
  call.store.commit([{ table: 'mfaDevices', key, value: unassigned }]);
  return undefined;
}

function deleteVirtualMfaDevice(call: Call, input: InputOf<'DeleteVirtualMFADevice'>) {
  const device = demandDevice(call, input.SerialNumber);
  if (device.type !== 'virtual') throw noSuchDevice(input.SerialNumber);
  if (device.assignment !== undefined) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.');
  // A device of this name made anew has another seed: the steps used with this one say nothing about it.
  call.store.commit([
    { table: 'mfaDevices', key: mfaDeviceKey(device.accountId, device.serialNumber), value: null },
    { table: 'totpSteps', key: device.serialNumber, value: null },
  ]);
  return undefined;
}

export const mfaEnrolmentHandlers = {
  CreateVirtualMFADevice: createVirtualMfaDevice,
  EnableMFADevice: enableMfaDevice,
  ResyncMFADevice: resyncMfaDevice,
  DeactivateMFADevice: deactivateMfaDevice,
  DeleteVirtualMFADevice: deleteVirtualMfaDevice,
};

/** MFA devices as entities: whose they are, and how they are listed. Codes are in `mfa-enrolment.ts`. */
import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import { rootArn } from '../arns.ts';
import type { Call } from '../operation.ts';
import { type CredentialOwner, type MfaDevice, mfaDeviceKey } from '../tables.ts';
import { pageOf } from './paging.ts';
import type { InputOf } from './parameters.ts';
import { printUser } from './print-user.ts';
import { noSuchEntity } from './refusals.ts';
import { demandSubject, type Subject } from './subjects.ts';

/** Throws `NoSuchEntity` if the account has no device of exactly this serial number. */
export function demandDevice(call: Call, serialNumber: string): MfaDevice {
  const device = call.store.visible('mfaDevices', mfaDeviceKey(call.accountId, serialNumber));
  if (device?.serialNumber !== serialNumber) throw noSuchDevice(serialNumber);
  return device;
}

/** The same for a device that must be enabled for the subject. */
export function demandOwnedDevice(call: Call, subject: Subject, serialNumber: string): MfaDevice {
  const device = demandDevice(call, serialNumber);
  if (!isOwner(device, ownerOf(subject))) throw noSuchDevice(serialNumber);
  return device;
}

export function noSuchDevice(serialNumber: string) {
  return noSuchEntity(`MFA Device with serial number ${serialNumber} does not exist.`);
}

/** The devices enabled for a user or for root, in the order of their serial numbers. */
export function ownedDevices(call: Call, owner: CredentialOwner): readonly MfaDevice[] {
  return devicesOf(call).filter((device) => isOwner(device, owner));
}

export function devicesOf({ store, accountId }: Call): readonly MfaDevice[] {
  return store.list('mfaDevices', mfaDeviceKey(accountId, ''));
}

function ownerOf(subject: Subject): CredentialOwner {
  return subject.type === 'root' ? { type: 'root' } : { type: 'user', userId: subject.user.userId };
}

function isOwner({ assignment }: MfaDevice, owner: CredentialOwner): boolean {
  if (assignment === undefined) return false;
  if (owner.type === 'root') return assignment.owner.type === 'root';
  return assignment.owner.type === 'user' && assignment.owner.userId === owner.userId;
}

function listMfaDevices(call: Call, input: InputOf<'ListMFADevices'>) {
  const subject = demandSubject(call, input.UserName);
  const { items, rest } = pageOf(ownedDevices(call, ownerOf(subject)), serialKey, input);
  return { MFADevices: items.map((device) => printOwned(subject, device)), ...rest };
}

function getMfaDevice(call: Call, input: InputOf<'GetMFADevice'>) {
  const device = demandDevice(call, input.SerialNumber);
  if (input.UserName === undefined) return { ...assignee(call, device), ...printEnabled(device) };
  const subject = demandSubject(call, input.UserName);
  return printOwned(subject, demandOwnedDevice(call, subject, input.SerialNumber));
}

function assignee(call: Call, { assignment }: MfaDevice) {
  const owner = assignment?.owner;
  return { UserName: owner?.type === 'user' ? call.store.get('users', owner.userId)?.userName : undefined };
}

function listVirtualMfaDevices(call: Call, input: InputOf<'ListVirtualMFADevices'>) {
  const status = input.AssignmentStatus ?? 'Any';
  const devices = devicesOf(call)
    .filter(({ type }) => type === 'virtual')
    .filter(({ assignment }) => status === 'Any' || (assignment !== undefined) === (status === 'Assigned'));
  const { items, rest } = pageOf(devices, serialKey, input);
  return { VirtualMFADevices: items.map((device) => printVirtual(call, device)), ...rest };
}

function printOwned(subject: Subject, device: MfaDevice) {
  return { UserName: subject.type === 'user' ? subject.user.userName : undefined, ...printEnabled(device) };
}

function printEnabled({ serialNumber, assignment }: MfaDevice) {
  return {
    SerialNumber: serialNumber,
    EnableDate: assignment === undefined ? undefined : isoSeconds(assignment.enabledAtMs),
  };
}

function printVirtual(call: Call, device: MfaDevice) {
  const { assignment } = device;
  return { ...printEnabled(device), User: assignment === undefined ? undefined : printOwner(call, assignment.owner) };
}

function printOwner({ store, accountId }: Call, owner: CredentialOwner) {
  if (owner.type === 'root') {
    const createdAtMs = store.get('accounts', accountId)?.createdAtMs ?? 0;
    return { UserId: accountId, Arn: rootArn(accountId), CreateDate: isoSeconds(createdAtMs) };
  }
  const user = store.get('users', owner.userId);
  return user === undefined ? undefined : printUser(user);
}

function serialKey({ serialNumber }: MfaDevice): string {
  return serialNumber.toLowerCase();
}

export const mfaDeviceHandlers = {
  ListMFADevices: listMfaDevices,
  GetMFADevice: getMfaDevice,
  ListVirtualMFADevices: listVirtualMfaDevices,
};

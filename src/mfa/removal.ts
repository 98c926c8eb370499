/** Taking a device from a user: deactivated, and deleted if it is virtual, so that its name is free again. */
import { unlessGone } from '../aws/unless-gone.ts';
import { StepupError } from '../errors.ts';
import { readSerialNumber } from './device.ts';

export interface RemovalCalls {
  readonly deactivate: (serialNumber: string) => Promise<void>;
  readonly deleteVirtual: (serialNumber: string) => Promise<void>;
}

/** Whether a code of the user's would still open a gate without this device. */
function isLastDevice(serialNumber: string, held: readonly string[]): boolean {
  const makesCodes = (serial: string): boolean => readSerialNumber(serial).kind === 'totp';
  return makesCodes(serialNumber) && !held.some((other) => other !== serialNumber && makesCodes(other));
}

/** @throws StepupError `last-device` unless it is forced */
export function requireAnotherDevice(
  serialNumber: string,
  held: readonly string[],
  { userName, force }: { readonly userName: string; readonly force: boolean },
): void {
  if (!force && isLastDevice(serialNumber, held)) throw new StepupError('last-device', { serialNumber, userName });
}

/** Goes on where an earlier run was stopped: what is gone already is done. Throws what the calls throw. */
export async function removeDevice(serialNumber: string, calls: RemovalCalls): Promise<void> {
  await unlessGone(calls.deactivate(serialNumber));
  const device = readSerialNumber(serialNumber);
  if (device.kind === 'totp' && device.form === 'virtual') await unlessGone(calls.deleteVirtual(serialNumber));
}

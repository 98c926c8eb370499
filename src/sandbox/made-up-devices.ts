/**
 * Devices that no API call can bring into a sandbox: FIDO keys, which are registered in a browser, and hardware tokens,
 * which a factory fills with their seed. For startSandbox's options and for tests.
 */
import { findUser } from './find.ts';
import type { Store } from './store.ts';
import { type FidoMfaDevice, mfaDeviceKey, type TotpMfaDevice } from './tables.ts';

export interface FidoDeviceOptions {
  readonly accountId: string;
  readonly userName: string;
  readonly nowMs: number;
  /** Ends the serial number. Default: `security-key`. */
  readonly name?: string;
}

/** A FIDO device enabled for the user; answers its serial number. Throws if there is no such user. */
export function addFidoDevice(store: Store, options: FidoDeviceOptions): string {
  const { accountId, userName, nowMs, name = 'security-key' } = options;
  const user = findUser(store, accountId, userName);
  if (user === undefined) throw new Error(`no user ${userName} in account ${accountId}`);
  const serialNumber = `arn:aws:iam::${accountId}:u2f/user/${user.userName}/${name}`;
  const device: FidoMfaDevice = {
    type: 'fido',
    accountId,
    serialNumber,
    createdAtMs: nowMs,
    assignment: { owner: { type: 'user', userId: user.userId }, enabledAtMs: nowMs },
  };
  store.commit([{ table: 'mfaDevices', key: mfaDeviceKey(accountId, serialNumber), value: device }]);
  return serialNumber;
}

export interface HardwareTokenOptions {
  readonly accountId: string;
  readonly serialNumber: string;
  readonly seedBase32: string;
  readonly nowMs: number;
}

/** A hardware token that EnableMFADevice can give to a user. Its serial number must be one in all of the sandbox. */
export function addHardwareToken(store: Store, options: HardwareTokenOptions): void {
  const { accountId, serialNumber, seedBase32, nowMs } = options;
  const taken = store.list('mfaDevices', '').some((device) => device.serialNumber === serialNumber);
  if (taken) throw new Error(`there is a device ${serialNumber} already`);
  const device: TotpMfaDevice = { type: 'hardware', accountId, serialNumber, createdAtMs: nowMs, seedBase32, tags: [] };
  store.commit([{ table: 'mfaDevices', key: mfaDeviceKey(accountId, serialNumber), value: device }]);
}

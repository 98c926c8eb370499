import { StepupError } from '../errors.ts';
import { findUser } from './find.ts';
import type { Randomness } from './operation.ts';
import type { Store } from './store.ts';
import { type MfaDevice, mfaDeviceKey } from './tables.ts';

/**
 * A device that comes from outside of the API: a passkey or security key, enrolled in the console (STS takes no code
 * for it), or a hardware token with its maker's serial number and a seed in Base32.
 */
export type ForeignDevice = DeviceHolder &
  (
    | { readonly type: 'fido'; readonly name: string }
    | { readonly type: 'hardware'; readonly serialNumber: string; readonly seedBase32: string }
  );

interface DeviceHolder {
  readonly accountId: string;
  readonly userName: string;
}

/** Gives the user the device, and answers its serial number. @throws StepupError `usage` if there is no such user */
export function addForeignDevice(store: Store, device: ForeignDevice, nowMs: number, random: Randomness): string {
  const { accountId, userName } = device;
  const user = findUser(store, accountId, userName);
  if (user === undefined) throw new StepupError('usage', { problem: `account ${accountId} has no user ${userName}` });
  const assignment = { owner: { type: 'user', userId: user.userId }, enabledAtMs: nowMs } as const;
  const shared = { accountId, createdAtMs: nowMs, assignment };
  const row: MfaDevice =
    device.type === 'fido'
      ? { ...shared, type: 'fido', serialNumber: fidoSerial(accountId, user.userName, device.name, random) }
      : { ...shared, type: 'hardware', serialNumber: device.serialNumber, seedBase32: device.seedBase32, tags: [] };
  store.commit([{ table: 'mfaDevices', key: mfaDeviceKey(accountId, row.serialNumber), value: row }]);
  return row.serialNumber;
}

/** As IAM shows them: `…:u2f/user/USER/NAME-` and 26 characters. */
function fidoSerial(accountId: string, userName: string, name: string, random: Randomness): string {
  const suffix = random.bytes(20).toString('hex').toUpperCase().slice(0, 26);
  return `arn:aws:iam::${accountId}:u2f/user/${userName}/${name}-${suffix}`;
}

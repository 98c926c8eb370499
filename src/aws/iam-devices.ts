/** The calls of IAM about MFA devices. Each is one request and is never repeated. */
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  ListMFADevicesCommand,
  ResyncMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { type Connection, call, notAws } from './connection.ts';

export interface ListedDevice {
  readonly serialNumber: string;
  /** Epoch milliseconds. */
  readonly enabledAtMs?: number;
}

/**
 * A user's devices; without a name the caller's own, for so IAM takes a request without UserName. A user has eight at
 * most, so there is one page. Throws `aws-refused` (AccessDenied) where the caller lacks `iam:ListMFADevices`.
 */
export async function listMfaDevices(connection: Connection, userName?: string): Promise<readonly ListedDevice[]> {
  const command = new ListMFADevicesCommand({ UserName: userName });
  const { MFADevices } = await call('ListMFADevices', connection, (config) => new IAMClient(config).send(command));
  if (MFADevices === undefined) throw notAws(connection, 200);
  return MFADevices.flatMap(({ SerialNumber, EnableDate }) => {
    if (SerialNumber === undefined) return [];
    return [{ serialNumber: SerialNumber, ...(EnableDate === undefined ? {} : { enabledAtMs: EnableDate.getTime() }) }];
  });
}

/** A virtual device that nobody has enabled yet. */
export interface NewDevice {
  readonly serialNumber: string;
  /** Base32. AWS tells it this once. */
  readonly seed: string;
}

/** CreateVirtualMFADevice. Throws `aws-refused` (EntityAlreadyExists) for a name that is taken, and what `call` throws. */
export async function createVirtualMfaDevice(connection: Connection, name: string): Promise<NewDevice> {
  const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name });
  const { VirtualMFADevice } = await call('CreateVirtualMFADevice', connection, (config) =>
    new IAMClient(config).send(command),
  );
  const { SerialNumber, Base32StringSeed } = VirtualMFADevice ?? {};
  if (!SerialNumber || !Base32StringSeed) throw notAws(connection, 200);
  return { serialNumber: SerialNumber, seed: new TextDecoder().decode(Base32StringSeed) };
}

/** What a device showed in two half minutes that follow each other. */
export type ConsecutiveCodes = readonly [first: string, second: string];

export interface DeviceOfUser {
  readonly userName: string;
  readonly serialNumber: string;
}

/** EnableMFADevice. Throws `aws-refused` (InvalidAuthenticationCode, LimitExceeded, NoSuchEntity), and what `call` throws. */
export async function enableMfaDevice(
  connection: Connection,
  device: DeviceOfUser,
  codes: ConsecutiveCodes,
): Promise<void> {
  const command = new EnableMFADeviceCommand(proofOf(device, codes));
  await call('EnableMFADevice', connection, (config) => new IAMClient(config).send(command));
}

/** ResyncMFADevice. Throws as {@link enableMfaDevice}. */
export async function resyncMfaDevice(
  connection: Connection,
  device: DeviceOfUser,
  codes: ConsecutiveCodes,
): Promise<void> {
  const command = new ResyncMFADeviceCommand(proofOf(device, codes));
  await call('ResyncMFADevice', connection, (config) => new IAMClient(config).send(command));
}

/** DeactivateMFADevice: takes it from its user. Throws `aws-refused` (NoSuchEntity) if it isn't that user's. */
export async function deactivateMfaDevice(
  connection: Connection,
  { userName, serialNumber }: DeviceOfUser,
): Promise<void> {
  const command = new DeactivateMFADeviceCommand({ UserName: userName, SerialNumber: serialNumber });
  await call('DeactivateMFADevice', connection, (config) => new IAMClient(config).send(command));
}

/** DeleteVirtualMFADevice. AWS deletes none that is anybody's: `aws-refused` (DeleteConflict). */
export async function deleteVirtualMfaDevice(connection: Connection, serialNumber: string): Promise<void> {
  const command = new DeleteVirtualMFADeviceCommand({ SerialNumber: serialNumber });
  await call('DeleteVirtualMFADevice', connection, (config) => new IAMClient(config).send(command));
}

function proofOf({ userName, serialNumber }: DeviceOfUser, [first, second]: ConsecutiveCodes) {
  return {
    UserName: userName,
    SerialNumber: serialNumber,
    AuthenticationCode1: first,
    AuthenticationCode2: second,
  };
}

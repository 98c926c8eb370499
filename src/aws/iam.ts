/** The one call of IAM that a login may need. */
import { IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { type Connection, call, notAws } from './connection.ts';

export interface ListedDevice {
  readonly serialNumber: string;
  /** Epoch milliseconds. */
  readonly enabledAtMs?: number;
}

/**
 * The caller's own devices: without UserName, ListMFADevices means the one who signs. A user has eight at most, so
 * there is one page. Throws `aws-refused` (AccessDenied) where the user lacks `iam:ListMFADevices` on itself.
 */
export async function listOwnMfaDevices(connection: Connection): Promise<readonly ListedDevice[]> {
  const command = new ListMFADevicesCommand({});
  const { MFADevices } = await call('ListMFADevices', connection, (config) => new IAMClient(config).send(command));
  if (MFADevices === undefined) throw notAws(connection, 200);
  return MFADevices.flatMap(({ SerialNumber, EnableDate }) => {
    if (SerialNumber === undefined) return [];
    return [{ serialNumber: SerialNumber, ...(EnableDate === undefined ? {} : { enabledAtMs: EnableDate.getTime() }) }];
  });
}

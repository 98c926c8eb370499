/** The one call of IAM that a login may need. */
import { type Connection, callQuery, child, incomplete, membersOf, textOf } from './query.ts';

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
  const result = await callQuery('ListMFADevices', {}, connection);
  if (result === undefined) throw incomplete(connection);
  return membersOf(child(result, 'MFADevices')).flatMap((member) => {
    const serialNumber = textOf(member, 'SerialNumber');
    if (serialNumber === undefined) return [];
    const enabledAtMs = Date.parse(textOf(member, 'EnableDate') ?? '');
    return [{ serialNumber, ...(Number.isNaN(enabledAtMs) ? {} : { enabledAtMs }) }];
  });
}

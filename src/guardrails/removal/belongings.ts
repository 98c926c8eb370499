/** What hangs on a user beside its policies, and goes with it: GetAccountAuthorizationDetails doesn't tell. */
import { type IAMClient, ListAccessKeysCommand, ListMFADevicesCommand } from '@aws-sdk/client-iam';

export interface Belongings {
  /** Access key ids. */
  readonly keys: readonly string[];
  /** Serial numbers. */
  readonly devices: readonly string[];
}

export const NO_BELONGINGS: Belongings = { keys: [], devices: [] };

/** Two calls; AWS's quotas (two keys, eight devices) keep each to one page. */
export async function readBelongings(client: Pick<IAMClient, 'send'>, userName: string): Promise<Belongings> {
  const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName: userName }));
  const { MFADevices } = await client.send(new ListMFADevicesCommand({ UserName: userName }));
  return {
    keys: (AccessKeyMetadata ?? []).flatMap(({ AccessKeyId }) => AccessKeyId ?? []),
    devices: (MFADevices ?? []).flatMap(({ SerialNumber }) => SerialNumber ?? []),
  };
}

/** Names of virtual devices: what AWS takes, and what a device is called when nobody says. */
import { partitionOfArn } from '../aws/partitions.ts';

/** IAM API Reference, `virtualMFADeviceName`, and room for it in a serial number of 256 characters. */
const NAME = /^[\w+=,.@-]{1,200}$/;

export function isDeviceName(text: string): boolean {
  return NAME.test(text);
}

/** The serial number of a virtual device of this name in the account of this user. */
export function virtualSerialNumber(userArn: string, deviceName: string): string {
  const [, , , , accountId = ''] = userArn.split(':');
  return `arn:${partitionOfArn(userArn)?.name ?? 'aws'}:iam::${accountId}:mfa/${deviceName}`;
}

/** The user's own name, as AWS's habit is; for a second device the first of `NAME-2`, `NAME-3`, … that none of the user's has. */
export function defaultDeviceName(userArn: string, userName: string, held: readonly string[]): string {
  // IAM's names are unique without regard to case.
  const taken = new Set(held.map((serialNumber) => serialNumber.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? userName : `${userName}-${number}`;
    if (!taken.has(virtualSerialNumber(userArn, name).toLowerCase())) return name;
  }
}

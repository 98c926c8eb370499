/** What a serial number tells of its device. Source: IAM User Guide, "MFA device serial number" and "Identifiers". */

export type Device =
  /** A virtual device (an authenticator app): `arn:PARTITION:iam::ACCOUNT:mfa/NAME`. */
  | { readonly kind: 'totp'; readonly form: 'virtual'; readonly serialNumber: string; readonly accountId: string }
  /** A token that was bought: a plain serial number, such as `GAHT12345678`. */
  | { readonly kind: 'totp'; readonly form: 'hardware'; readonly serialNumber: string }
  /** A security key or passkey: `arn:PARTITION:iam::ACCOUNT:u2f/user/NAME/…`. STS takes none. */
  | { readonly kind: 'fido'; readonly serialNumber: string }
  /** No device at all but the user, a common slip; by AWS's habit its device would be `guess`. */
  | { readonly kind: 'user-given'; readonly serialNumber: string; readonly guess: string }
  | { readonly kind: 'unknown'; readonly serialNumber: string };

/** An ARN of IAM, without the leading `arn:`. */
const IAM_ARN = /^arn:([a-z0-9-]+):iam::(\d{12}):([a-z0-9-]+)\/(.+)$/;
/** What AWS's API takes for a serial number (IAM API Reference, `serialNumberType`), without the parts of an ARN. */
const HARDWARE_SERIAL = /^[\w=+,.@-]{9,256}$/;

/** Reads a serial number; never throws. */
export function readSerialNumber(text: string): Device {
  const serialNumber = text.trim();
  const [, partition, accountId = '', type, name = ''] = IAM_ARN.exec(serialNumber) ?? [];
  switch (type) {
    case 'mfa':
      return { kind: 'totp', form: 'virtual', serialNumber, accountId };
    case 'u2f':
      return { kind: 'fido', serialNumber };
    case 'user':
      return { kind: 'user-given', serialNumber, guess: guessSerialNumber(partition ?? 'aws', accountId, name) };
    case undefined:
      return HARDWARE_SERIAL.test(serialNumber)
        ? { kind: 'totp', form: 'hardware', serialNumber }
        : { kind: 'unknown', serialNumber };
    default:
      return { kind: 'unknown', serialNumber };
  }
}

/** The name that a device most often has: its user's, without the path. */
export function guessSerialNumber(partition: string, accountId: string, userNameWithPath: string): string {
  const name = userNameWithPath.split('/').at(-1) ?? userNameWithPath;
  return `arn:${partition}:iam::${accountId}:mfa/${name}`;
}

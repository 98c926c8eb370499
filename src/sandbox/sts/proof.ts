/** The code of a call: SerialNumber and TokenCode, together or not at all. */
import type { Caller } from '../../enforcement/caller.ts';
import { type CodeAuthority, verifyCode } from '../../enforcement/one-time-code.ts';
import { Refusal } from '../../enforcement/refusal.ts';

export interface CodeInput {
  readonly SerialNumber: string | undefined;
  readonly TokenCode: string | undefined;
}

/** True if a good code came; it is used up then. False if none came. Throws Refusal `AccessDenied` for any other. */
export function provenByCode(
  { SerialNumber, TokenCode }: CodeInput,
  caller: Caller,
  authority: CodeAuthority,
): boolean {
  if (SerialNumber === undefined && TokenCode === undefined) return false;
  if (SerialNumber === undefined || TokenCode === undefined) {
    throw new Refusal(
      'AccessDenied',
      403,
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    );
  }
  if (caller.type !== 'long-term' && caller.type !== 'user-session') {
    // Roles and federated users have no devices.
    throw new Refusal(
      'AccessDenied',
      403,
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  verifyCode(caller.owner, SerialNumber, TokenCode, authority);
  return true;
}

/**
 * Codes of TOTP devices (RFC 6238), each good for one use. A code counts for its own half minute and the one on either
 * side of the authority's clock; a step at or before the last one used counts no more. The replay memory takes a step
 * before anybody is told yes, so that neither two requests at once nor a crash can use a code twice.
 */
import { timingSafeEqual } from 'node:crypto';
import { stepAt, totpCode } from '../totp/code.ts';
import type { Clocks, Directory, KeyOwner, ReplayMemory, TotpDevice } from './ports.ts';
import { Refusal } from './refusal.ts';

export interface CodeClock {
  readonly clocks: Pick<Clocks, 'authority'>;
  readonly replay: ReplayMemory;
}

export interface CodeAuthority extends CodeClock {
  readonly directory: Pick<Directory, 'totpDevice'>;
}

/** Steps before and after the present one that count. */
const WINDOW = [-1, 0, 1];
/** Of the first of two codes: the second then counts as a code at sign-in does. */
const PAIR_WINDOW = [-2, -1, 0];

/**
 * Returns if the code is from a device of this owner, of now, and unused; it is used up then. Throws Refusal
 * `AccessDenied` in the words of STS, which doesn't say whether a code was wrong or used.
 */
export function verifyCode(owner: KeyOwner, serialNumber: string, code: string, authority: CodeAuthority): void {
  const device = authority.directory.totpDevice(owner, serialNumber);
  if (device === undefined) {
    throw new Refusal(
      'AccessDenied',
      403,
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  const now = stepAt(authority.clocks.authority());
  const matching = WINDOW.map((offset) => now + offset).filter((step) => isCodeOf(device, step, code));
  if (!matching.some((step) => authority.replay.claim(device.serialNumber, step))) {
    throw new Refusal('AccessDenied', 403, 'MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  }
}

/**
 * True: the codes are of two consecutive steps of now, and both are used up (EnableMFADevice, ResyncMFADevice). doubt:
 * how far a device may drift before ResyncMFADevice helps isn't documented; the sandbox keeps no drift, so the codes
 * must be of now.
 */
export function provesDevice(device: TotpDevice, firstCode: string, secondCode: string, clock: CodeClock): boolean {
  const now = stepAt(clock.clocks.authority());
  return PAIR_WINDOW.some((offset) => {
    const step = now + offset;
    const first = isCodeOf(device, step, firstCode);
    const second = isCodeOf(device, step + 1, secondCode);
    return first && second && clock.replay.claim(device.serialNumber, step + 1);
  });
}

/** In constant time for codes of six digits; nothing else is one. */
function isCodeOf(device: TotpDevice, step: number, code: string): boolean {
  return /^[0-9]{6}$/.test(code) && timingSafeEqual(Buffer.from(totpCode(device.secret, step)), Buffer.from(code));
}

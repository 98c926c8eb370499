/**
 * Codes that AWS took a moment ago, from any process of this user: it takes none twice, and says only that the code is
 * "invalid". What is kept is a salted hash, of the last one a device, and only of a code that is spent.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface UsedCodes {
  /** How many seconds ago AWS took this code; undefined if it didn't, as far as is known here. */
  readonly secondsSinceUse: (device: DeviceAtHost, code: string) => number | undefined;
  readonly remember: (device: DeviceAtHost, code: string) => void;
}

/** A sandbox may have a device of the same serial number. */
export interface DeviceAtHost {
  readonly serialNumber: string;
  readonly host: string;
}

export interface UsedCodesPorts {
  /** Texts by name, kept for other processes; losing them costs a request. */
  readonly memory: {
    readonly recall: (name: string) => string | undefined;
    readonly remember: (name: string, text: string) => void;
  };
  readonly now: () => number;
}

/** Two steps before and behind: beyond that the same digits are another code. */
const SPENT_SECONDS = 150;

export function usedCodes({ memory, now }: UsedCodesPorts): UsedCodes {
  return {
    secondsSinceUse: (device, code) => {
      const [usedAt, salt = '', hash = ''] = (memory.recall(nameOf(device)) ?? '').split(' ');
      const seconds = Math.floor((now() - Number(usedAt)) / 1000);
      if (Number.isNaN(seconds) || seconds < -1 || seconds > SPENT_SECONDS) return undefined;
      const given = Buffer.from(hashOf(salt, device, code));
      const kept = Buffer.from(hash);
      return given.length === kept.length && timingSafeEqual(given, kept) ? Math.max(0, seconds) : undefined;
    },
    remember: (device, code) => {
      const salt = randomBytes(16).toString('hex');
      memory.remember(nameOf(device), `${now()} ${salt} ${hashOf(salt, device, code)}`);
    },
  };
}

function nameOf({ serialNumber, host }: DeviceAtHost): string {
  return `${serialNumber} ${host}`;
}

function hashOf(salt: string, device: DeviceAtHost, code: string): string {
  return createHmac('sha256', salt)
    .update(`${nameOf(device)} ${code}`)
    .digest('hex');
}

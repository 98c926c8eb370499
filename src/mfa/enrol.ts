/**
 * A new virtual device: made, shown to a person once, proved by two codes, enabled. Whatever stops it on the way, no
 * device stays behind that nobody enabled: it would block its name. The seed goes to the person and nowhere else.
 */
import type { ConsecutiveCodes, NewDevice } from '../aws/iam-devices.ts';
import { type Patience, patiently } from '../aws/patience.ts';
import { isRefusal } from '../aws/refusal.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { decodeSeed, enrolmentUri } from '../totp/seed.ts';
import { aheadSeconds, type CodeProblem, judgeCode, type PlacedCode, placeCode } from './consecutive-codes.ts';
import { virtualSerialNumber } from './device-name.ts';

export interface EnrolRequest {
  readonly userArn: string;
  readonly deviceName: string;
}

/** IAM, for this user. Each throws what the call of that name in `aws/iam-devices.ts` throws. */
export interface EnrolCalls {
  readonly create: (deviceName: string) => Promise<NewDevice>;
  readonly enable: (serialNumber: string, codes: ConsecutiveCodes) => Promise<void>;
  readonly isEnabled: (serialNumber: string) => Promise<boolean>;
  /** Deletes a device that is nobody's. It must work after the person has left. */
  readonly remove: (serialNumber: string) => Promise<void>;
}

export interface DeviceToScan {
  readonly serialNumber: string;
  /** Base32. */
  readonly seed: string;
  /** What the QR code holds: as in AWS's own, the device's name and the account. */
  readonly uri: string;
}

export type CodeQuestion = 'first' | 'next' | 'next-after-skipped' | 'first-after-refusal';

export interface EnrolPerson {
  /** Told that a device of this name lay there, never enabled, and is made anew. */
  readonly onLeftOver: (serialNumber: string) => void;
  /** Shows the device where only the person sees it. Called once. */
  readonly show: (device: DeviceToScan) => Promise<void>;
  /** Six digits that `judge` finds nothing wrong with. Throws `interrupted` when the person leaves. */
  readonly code: (question: CodeQuestion, judge: (code: string) => CodeProblem | undefined) => Promise<string>;
  /** Takes the device off the screen. Called however it ends, unless `show` never was. */
  readonly hide: () => void;
}

export interface EnrolPorts extends Patience {
  readonly calls: EnrolCalls;
  readonly person: EnrolPerson;
  /** Registers what must be undone however the program ends. */
  readonly atEnd: (cleanUp: () => Promise<void>) => void;
}

export interface Enrolled {
  readonly serialNumber: string;
  /** How far the device's clock is ahead of this machine's, to the half minute. */
  readonly aheadSeconds: number;
  /** The last code that AWS took: it is spent. */
  readonly lastCode: string;
}

/** AWS may not know yet of a device that it made a moment ago. */
const CONSISTENCY_MS = 30_000;
const TRIES = 3;

/**
 * Enrols a device.
 * @throws StepupError `device-name-taken`; `interrupted` when the person leaves; what the calls throw
 */
export async function enrol(request: EnrolRequest, ports: EnrolPorts): Promise<Enrolled> {
  const { calls, person } = ports;
  const { serialNumber, seed } = await createDevice(request, ports);
  let undoing: Promise<void> | undefined;
  let isEnabled = false;
  // AWS refuses to delete a device that was enabled after all, so a late answer does no harm.
  const undo = async (): Promise<void> => {
    if (isEnabled) return;
    undoing ??= calls.remove(serialNumber).catch(() => undefined);
    await undoing;
  };
  ports.atEnd(undo);
  try {
    const secret = decodeSeed(seed);
    if (secret === undefined) throw new StepupError('internal', { problem: "AWS's seed is no Base32" });
    const [, , , , accountId = ''] = request.userArn.split(':');
    try {
      await person.show({ serialNumber, seed, uri: enrolmentUri(seed, request.deviceName, accountId) });
      const last = await prove(serialNumber, secret, ports);
      isEnabled = true;
      return { serialNumber, aheadSeconds: aheadSeconds(last, ports.now()), lastCode: last.code };
    } finally {
      person.hide();
    }
  } catch (error) {
    await undo();
    throw error;
  }
}

/** A device of that name that is nobody's is what an earlier run left behind: nobody has its seed. */
async function createDevice({ userArn, deviceName }: EnrolRequest, { calls, person }: EnrolPorts): Promise<NewDevice> {
  try {
    return await calls.create(deviceName);
  } catch (error) {
    if (!isRefusal(error, 'EntityAlreadyExists')) throw error;
  }
  const serialNumber = virtualSerialNumber(userArn, deviceName);
  try {
    await calls.remove(serialNumber);
  } catch (error) {
    if (isRefusal(error, 'DeleteConflict')) throw new StepupError('device-name-taken', { serialNumber });
    if (!isRefusal(error, 'NoSuchEntity')) throw error;
  }
  person.onLeftOver(serialNumber);
  return calls.create(deviceName);
}

async function prove(serialNumber: string, secret: Uint8Array, ports: EnrolPorts): Promise<PlacedCode> {
  for (let attempt = 1; ; attempt += 1) {
    const { codes, last } = await consecutiveCodes(secret, attempt === 1 ? 'first' : 'first-after-refusal', ports);
    try {
      await enableDevice(serialNumber, codes, ports);
      return last;
    } catch (error) {
      if (attempt === TRIES || !isRefusal(error, 'InvalidAuthenticationCode')) throw error;
    }
  }
}

async function enableDevice(serialNumber: string, codes: ConsecutiveCodes, ports: EnrolPorts): Promise<void> {
  const isNotKnownYet = (error: unknown): boolean => isRefusal(error, 'NoSuchEntity');
  try {
    await patiently(() => ports.calls.enable(serialNumber, codes), isNotKnownYet, CONSISTENCY_MS, ports);
  } catch (error) {
    // An answer that was lost: the device may be enabled all the same.
    const isUnsure = isStepupError(error, 'endpoint-unreachable') && error.fields.sent;
    if (!isUnsure || !(await ports.calls.isEnabled(serialNumber))) throw error;
  }
}

/** Two codes of half minutes that follow each other. A person who missed one goes on from the one after. */
async function consecutiveCodes(
  secret: Uint8Array,
  opening: 'first' | 'first-after-refusal',
  { person, now }: EnrolPorts,
): Promise<{ readonly codes: ConsecutiveCodes; readonly last: PlacedCode }> {
  let question: CodeQuestion = opening;
  let first: PlacedCode | undefined;
  for (;;) {
    const before = first;
    const code = await person.code(question, (typed) => judgeCode(secret, typed, before, now()));
    const placed = placeCode(secret, code, now());
    if (placed === undefined) throw new StepupError('internal', { problem: 'a code was taken that was judged wrong' });
    if (before !== undefined && placed.step === before.step + 1) {
      return { codes: [before.code, placed.code], last: placed };
    }
    question = before === undefined ? 'next' : 'next-after-skipped';
    first = placed;
  }
}

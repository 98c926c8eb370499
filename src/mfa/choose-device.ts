/**
 * Which device to ask a code of: the one that was named, and AWS's own list only when none was. The least-privilege
 * user of the pattern may not list its devices; then AWS's habit of naming gives a guess, which a person confirms.
 */
import type { ListedDevice } from '../aws/iam-devices.ts';
import { partitionOfArn } from '../aws/partitions.ts';
import type { CallerIdentity } from '../aws/sts.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { type Device, guessSerialNumber, readSerialNumber } from './device.ts';

/** A serial number and who named it: `--serial-number`, `AWS_MFA_SERIAL`, `mfa_serial of profile work`. */
export interface NamedSerial {
  readonly serialNumber: string;
  readonly origin: string;
}

export interface DevicePorts {
  /** AWS's list of the caller's devices; one request. */
  readonly list: () => Promise<readonly ListedDevice[]>;
  /** Who the key belongs to; one request. */
  readonly identify: () => Promise<CallerIdentity>;
  /** Called when there is something to ask; undefined where there is nobody. */
  readonly person: () => DevicePerson | undefined;
  /** Told when what was named is no device but the user, and AWS is asked instead. */
  readonly onSlip: (slip: NamedSerial) => void;
  /** What to run instead, for the error when there is nobody to choose. */
  readonly commandWith: (serialNumber: string) => readonly string[];
}

export interface DevicePerson {
  readonly choose: (devices: readonly TotpDevice[], unusable: readonly string[]) => Promise<TotpDevice>;
  readonly confirmGuess: (serialNumber: string) => Promise<boolean>;
}

export type TotpDevice = Extract<Device, { kind: 'totp' }>;

export interface ChosenDevice {
  readonly device: TotpDevice;
  /** `named`: nobody was asked; `listed`: AWS knows it; `guessed`: only the code will tell. */
  readonly by: 'named' | 'listed' | 'guessed';
}

/**
 * Throws `fido-only`, `no-mfa-device`, `device-unknown`, `no-terminal` (several devices and nobody to choose), and
 * what the ports throw.
 */
export async function chooseDevice(
  profile: string,
  named: NamedSerial | undefined,
  ports: DevicePorts,
): Promise<ChosenDevice> {
  if (named !== undefined) {
    const device = readSerialNumber(named.serialNumber);
    switch (device.kind) {
      case 'totp':
        return { device, by: 'named' };
      case 'fido':
        throw new StepupError('fido-only', { serialNumbers: [device.serialNumber] });
      case 'user-given':
        ports.onSlip(named);
        break;
      case 'unknown':
        throw new StepupError('serial-invalid', { value: named.serialNumber, origin: named.origin });
    }
  }
  return fromAws(profile, ports);
}

async function fromAws(profile: string, ports: DevicePorts): Promise<ChosenDevice> {
  let listed: readonly ListedDevice[];
  try {
    listed = await ports.list();
  } catch (error) {
    if (isStepupError(error, 'aws-refused') && error.fields.awsCode === 'AccessDenied') {
      return guess(profile, error.fields.message, ports);
    }
    throw error;
  }
  const devices = listed.map(({ serialNumber }) => readSerialNumber(serialNumber));
  const usable = devices.filter((device): device is TotpDevice => device.kind === 'totp');
  const unusable = devices.filter(({ kind }) => kind !== 'totp').map(({ serialNumber }) => serialNumber);
  const [first, second] = usable;
  if (first === undefined) {
    if (unusable.length > 0) throw new StepupError('fido-only', { serialNumbers: unusable });
    throw new StepupError('no-mfa-device', { profile });
  }
  if (second === undefined) return { device: first, by: 'listed' };
  const person = ports.person();
  if (person === undefined) {
    throw new StepupError('no-terminal', {
      question: `which device to use (${usable.map(({ serialNumber }) => serialNumber).join(', ')})`,
      command: ports.commandWith(first.serialNumber),
    });
  }
  return { device: await person.choose(usable, unusable), by: 'listed' };
}

async function guess(profile: string, because: string, ports: DevicePorts): Promise<ChosenDevice> {
  const { accountId, arn } = await ports.identify();
  const [, userName] = /:user\/(.+)$/.exec(arn) ?? [];
  if (userName === undefined) throw new StepupError('device-unknown', { profile, because });
  const serialNumber = guessSerialNumber(partitionOfArn(arn)?.name ?? 'aws', accountId, userName);
  const device = readSerialNumber(serialNumber);
  const person = ports.person();
  if (device.kind !== 'totp' || person === undefined || !(await person.confirmGuess(serialNumber))) {
    throw new StepupError('device-unknown', { profile, because, guess: serialNumber });
  }
  return { device, by: 'guessed' };
}

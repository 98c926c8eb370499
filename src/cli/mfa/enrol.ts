/** `stepup mfa enrol`: a new authenticator app for a user, from the QR code to a device that opens gates. */
import {
  createVirtualMfaDevice,
  deleteVirtualMfaDevice,
  enableMfaDevice,
  listMfaDevices,
} from '../../aws/iam-devices.ts';
import { pauseUnless } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { defaultDeviceName, isDeviceName } from '../../mfa/device-name.ts';
import { type EnrolCalls, type Enrolled, type EnrolPorts, enrol } from '../../mfa/enrol.ts';
import { awsFilePaths } from '../../profiles/aws-files.ts';
import { updateAwsFiles } from '../../profiles/update.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { formatDuration } from '../../terminal/time.ts';
import { rememberSpent } from '../codes/spent-codes.ts';
import { ExitCode } from '../exit-code.ts';
import type { SigningOptions } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { enrolPerson } from './enrol-person.ts';
import { deviceInUse, devicesOf, type MfaUser, mfaUser } from './user.ts';

export interface MfaEnrolOptions extends SigningOptions {
  readonly name?: string;
}

const LOCK_WAIT_MS = 20_000;
/** IAM User Guide, IAM and AWS STS quotas: MFA devices of a user. */
const MOST_DEVICES = 8;
/** A phone that is this far off will have codes refused before long. */
const DRIFT_SECONDS = 60;

/** Runs the command. Throws StepupError. */
export async function mfaEnrolCommand(io: Io, profile: string | undefined, options: MfaEnrolOptions): Promise<number> {
  const { name } = options;
  if (name !== undefined && !isDeviceName(name)) {
    throw new StepupError('usage', {
      problem: 'That is no name for a device',
      hint: 'AWS takes letters, digits and _+=,.@- in it, and no spaces.',
    });
  }
  const terminal = requireTerminal(io, profile);
  try {
    let deviceName = name;
    const owner = await mfaUser(io, {
      ...options,
      profile,
      mayStepUp: true,
      verb: 'enrol',
      deviceName: () => deviceName,
    });
    const held = (await devicesOf(owner)).map(({ serialNumber }) => serialNumber);
    // Before anybody scans anything: AWS itself says so only when the device is to be enabled.
    if (held.length >= MOST_DEVICES)
      throw new StepupError('device-limit', { userName: owner.user.name, most: MOST_DEVICES });
    deviceName ??= defaultDeviceName(owner.user.arn, owner.user.name, held);
    const enrolled = await enrol({ userArn: owner.user.arn, deviceName }, portsFor(io, owner, terminal));
    rememberSpent(io, owner.user.base, enrolled.serialNumber, enrolled.lastCode);
    const isInUse = await useDevice(io, owner, enrolled.serialNumber, held);
    await forgetSessionsOfLostDevice(io, owner, held);
    report(io, owner, enrolled, isInUse);
    return ExitCode.done;
  } finally {
    terminal.close();
  }
}

/** Nobody's program may see a seed: without a terminal there is no enrolment. */
function requireTerminal(io: Io, profile: string | undefined): PersonTerminal {
  const terminal = io.openTerminal();
  if (terminal !== undefined) return terminal;
  throw new StepupError('no-terminal', {
    question: 'two codes of the new device, and to show its QR code',
    command: ['stepup', 'mfa', 'enrol', ...(profile === undefined ? [] : [profile])],
  });
}

function portsFor(io: Io, { user, iam }: MfaUser, terminal: PersonTerminal): EnrolPorts {
  const calls: EnrolCalls = {
    create: (deviceName) => iam.call((connection) => createVirtualMfaDevice(connection, deviceName)),
    enable: (serialNumber, codes) =>
      iam.call((connection) => enableMfaDevice(connection, { userName: user.name, serialNumber }, codes)),
    isEnabled: async (serialNumber) => {
      const devices = await iam.call((connection) => listMfaDevices(connection, user.name));
      return devices.some((device) => device.serialNumber === serialNumber);
    },
    remove: (serialNumber) => iam.callAtEnd((connection) => deleteVirtualMfaDevice(connection, serialNumber)),
  };
  return {
    calls,
    person: enrolPerson(io, terminal),
    now: io.now,
    pause: pauseUnless(io.interrupted, 'the enrolment of a device'),
    atEnd: io.atEnd,
  };
}

/** A device that the profile uses and the user has stays; else the new one is what a login asks for. */
async function useDevice(
  io: Io,
  { user: { base } }: MfaUser,
  serialNumber: string,
  held: readonly string[],
): Promise<boolean> {
  const inUse = deviceInUse(base);
  if (inUse !== undefined && held.includes(inUse)) return false;
  const file = base.settings.get('mfa_serial')?.place.file ?? 'config';
  await updateAwsFiles(
    awsFilePaths(io.env, io.homeDirectory),
    () => [{ type: 'set', file, profile: base.name, values: { mfa_serial: serialNumber } }],
    { program: 'stepup mfa enrol', waitMs: LOCK_WAIT_MS },
  );
  return true;
}

/** A session by a device that is gone may be refused by now, and a login would take it to be good. */
async function forgetSessionsOfLostDevice(io: Io, { user: { base } }: MfaUser, held: readonly string[]): Promise<void> {
  const before = deviceInUse(base);
  if (before === undefined || held.includes(before)) return;
  const { forgetSessions } = await import('../logout.ts');
  const { session } = await forgetSessions(io, base.name);
  if (session !== undefined) io.stderr.write('The session that the former device had opened is forgotten here.\n');
}

function report(io: Io, { user }: MfaUser, { serialNumber, aheadSeconds }: Enrolled, isInUse: boolean): void {
  const base = escapeText(user.base.name);
  const serial = escapeText(serialNumber);
  const lines = [
    `${styleFor(io.stderr, io.env).green('✓')} ${serial} is enabled for user ${escapeText(user.name)}.`,
    isInUse
      ? `  Profile ${base} uses it from now on (mfa_serial).`
      : `  Profile ${base} goes on using ${escapeText(deviceInUse(user.base) ?? '')}; to use the new one: stepup login ${base} --serial-number ${serial}`,
    '  A code is good once, so a login takes the next one that the app shows: wait for it.',
  ];
  if (Math.abs(aheadSeconds) >= DRIFT_SECONDS) {
    const how = aheadSeconds > 0 ? 'ahead of' : 'behind';
    lines.push(
      `  The device's clock is ${formatDuration(Math.abs(aheadSeconds))} ${how} this machine's: set both right.`,
    );
  }
  io.stderr.write(`${lines.join('\n')}\n`);
}

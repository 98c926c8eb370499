/** `stepup mfa remove`: takes a device from a user, but not the last one that opens gates. */
import { deactivateMfaDevice, deleteVirtualMfaDevice } from '../../aws/iam-devices.ts';
import { StepupError } from '../../errors.ts';
import { readSerialNumber } from '../../mfa/device.ts';
import { removeDevice, requireAnotherDevice } from '../../mfa/removal.ts';
import { awsFilePaths } from '../../profiles/aws-files.ts';
import { type AwsEdit, updateAwsFiles } from '../../profiles/update.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { IamUser, SigningOptions } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { lazyTerminal } from '../lazy-terminal.ts';
import { pickDevice } from './pick-device.ts';
import { deviceInUse, devicesOf, mfaUser } from './user.ts';

export interface MfaRemoveOptions extends SigningOptions {
  readonly serialNumber?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

const LOCK_WAIT_MS = 20_000;

/** Runs the command. Throws StepupError. */
export async function mfaRemoveCommand(
  io: Io,
  profile: string | undefined,
  options: MfaRemoveOptions,
): Promise<number> {
  const command = ['stepup', 'mfa', 'remove', ...(profile === undefined ? [] : [profile])];
  const terminal = lazyTerminal(io);
  try {
    const owner = await mfaUser(io, { ...options, profile, mayStepUp: true, verb: 'remove' });
    const { user, iam } = owner;
    const held = (await devicesOf(owner)).map((device) => device.serialNumber);
    const serialNumber = await pickDevice(io, user.base.name, {
      named: options.serialNumber,
      preferred: undefined,
      serialNumbers: held,
      userName: user.name,
      message: 'Which device shall go?',
      terminal: held.length > 1 ? terminal.open() : undefined,
      command,
    });
    requireAnotherDevice(serialNumber, held, { userName: user.name, force: options.force === true });
    if (options.yes !== true) {
      const person = terminal.open();
      if (person === undefined) {
        throw new StepupError('no-terminal', {
          question: `whether ${serialNumber} shall go`,
          command: [...command, '--serial-number', serialNumber, '--yes'],
        });
      }
      const { askYesNo } = await import('../../terminal/prompt.ts');
      const isAgreed = await askYesNo(person, {
        message: `Take ${escapeText(serialNumber)} from user ${escapeText(user.name)}?`,
        default: false,
        during: 'the question whether a device shall go',
        signal: io.interrupted,
      });
      if (!isAgreed) {
        io.stderr.write('Nothing was changed.\n');
        return ExitCode.done;
      }
    }
    await removeDevice(serialNumber, {
      deactivate: (serial) =>
        iam.call((connection) => deactivateMfaDevice(connection, { userName: user.name, serialNumber: serial })),
      deleteVirtual: (serial) => iam.call((connection) => deleteVirtualMfaDevice(connection, serial)),
    });
    const next = await useAnother(
      io,
      user,
      serialNumber,
      held.filter((serial) => serial !== serialNumber),
    );
    io.stderr.write(
      `${styleFor(io.stderr, io.env).green('✓')} ${escapeText(serialNumber)} is gone from user ${escapeText(user.name)}.\n${next}  Sessions made with its codes last until they end: stepup logout forgets those that are here.\n`,
    );
    return ExitCode.done;
  } finally {
    terminal.close();
  }
}

/** The profile must not go on naming it: the only other one takes its place; of several, the next login asks. */
async function useAnother(io: Io, { base }: IamUser, gone: string, left: readonly string[]): Promise<string> {
  const place = base.settings.get('mfa_serial')?.place;
  if (deviceInUse(base) !== gone || place === undefined) return '';
  const codes = left.filter((serial) => readSerialNumber(serial).kind === 'totp');
  const [only] = codes.length === 1 ? codes : [];
  const at = { file: place.file, profile: base.name } as const;
  const edit: AwsEdit =
    only === undefined
      ? { type: 'remove-keys', ...at, keys: ['mfa_serial'] }
      : { type: 'set', ...at, values: { mfa_serial: only } };
  await updateAwsFiles(awsFilePaths(io.env, io.homeDirectory), () => [edit], {
    program: 'stepup mfa remove',
    waitMs: LOCK_WAIT_MS,
  });
  const name = escapeText(base.name);
  return only === undefined
    ? `  Profile ${name} names no device any more.\n`
    : `  Profile ${name} uses ${escapeText(only)} from now on.\n`;
}

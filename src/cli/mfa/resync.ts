/** `stepup mfa resync`: tells AWS how far a device's clock is off, by two codes in a row. */
import { resyncMfaDevice } from '../../aws/iam-devices.ts';
import { StepupError } from '../../errors.ts';
import { readCode } from '../../mfa/code.ts';
import { readSerialNumber } from '../../mfa/device.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { rememberSpent } from '../codes/spent-codes.ts';
import { ExitCode } from '../exit-code.ts';
import type { SigningOptions } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { pickDevice } from './pick-device.ts';
import { deviceInUse, devicesOf, mfaUser } from './user.ts';

export interface MfaResyncOptions extends SigningOptions {
  readonly serialNumber?: string;
}

const DURING = 'the two codes of a device';

/** Runs the command. Throws StepupError. */
export async function mfaResyncCommand(
  io: Io,
  profile: string | undefined,
  options: MfaResyncOptions,
): Promise<number> {
  const command = ['stepup', 'mfa', 'resync', ...(profile === undefined ? [] : [profile])];
  const terminal = io.openTerminal();
  if (terminal === undefined) throw new StepupError('no-terminal', { question: 'two codes of the device', command });
  try {
    // A device that is out of step gives no code for a session.
    const owner = await mfaUser(io, { ...options, profile, mayStepUp: false, verb: 'resync' });
    const { user, iam } = owner;
    const totp = (await devicesOf(owner))
      .map((device) => device.serialNumber)
      .filter((serialNumber) => readSerialNumber(serialNumber).kind === 'totp');
    const serialNumber = await pickDevice(io, user.base.name, {
      named: options.serialNumber,
      preferred: deviceInUse(user.base),
      serialNumbers: totp,
      userName: user.name,
      message: 'Which device is out of step?',
      terminal,
      command,
    });
    const first = await askCode(io, terminal, `The code that ${escapeText(serialNumber)} shows now:`, undefined);
    const second = await askCode(io, terminal, 'The next code, when it appears:', first);
    await iam.call((connection) => resyncMfaDevice(connection, { userName: user.name, serialNumber }, [first, second]));
    rememberSpent(io, user.base, serialNumber, second);
    io.stderr.write(
      `${styleFor(io.stderr, io.env).green('✓')} AWS follows the clock of ${escapeText(serialNumber)} again.\n  A code is good once: a login takes the next one.\n`,
    );
    return ExitCode.done;
  } finally {
    terminal.close();
  }
}

async function askCode(io: Io, terminal: PersonTerminal, message: string, first: string | undefined): Promise<string> {
  const { askText } = await import('../../terminal/prompt.ts');
  const text = await askText(terminal, {
    message,
    during: DURING,
    signal: io.interrupted,
    validate: (typed) => {
      const code = readCode(typed);
      if (code === undefined) return 'A code is six digits.';
      return code === first ? 'That is the first code again. Wait for the next one.' : true;
    },
  });
  return readCode(text) ?? '';
}

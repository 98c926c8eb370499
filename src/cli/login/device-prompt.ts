/** Questions about the device: which of several, and whether a guess is right. */
import { StepupError } from '../../errors.ts';
import type { DevicePerson } from '../../mfa/choose-device.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';

export function devicePerson(terminal: PersonTerminal, signal: AbortSignal): DevicePerson {
  const during = 'the choice of a device';
  return {
    choose: async (devices, unusable) => {
      const { askChoice } = await import('../../terminal/prompt.ts');
      const serialNumber = await askChoice(terminal, {
        message: 'Which device makes your codes?',
        during,
        signal,
        choices: [
          ...devices.map((device) => ({
            name: `${escapeText(device.serialNumber)}${device.form === 'hardware' ? ' (hardware token)' : ''}`,
            value: device.serialNumber,
          })),
          ...unusable.map((serial) => ({
            name: escapeText(serial),
            value: serial,
            disabled: '(FIDO: for sign-in in a browser only)',
          })),
        ],
      });
      const device = devices.find((one) => one.serialNumber === serialNumber);
      if (device === undefined) throw new StepupError('internal', { problem: 'a device was chosen that is none' });
      return device;
    },
    confirmGuess: async (serialNumber) => {
      const { askYesNo } = await import('../../terminal/prompt.ts');
      terminal.output.write('AWS does not let this user list its devices, and mfa_serial is not set.\n');
      return askYesNo(terminal, {
        message: `By AWS's habit the device is ${escapeText(serialNumber)}. Use it?`,
        default: true,
        during,
        signal,
      });
    },
  };
}

/** Which of a user's devices a command means: the one that was named, the one in use, the only one, or the person's choice. */
import { StepupError } from '../../errors.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Io } from '../io.ts';

export interface PickWish {
  readonly named: string | undefined;
  /** Taken without asking if the user has it; undefined where the person should choose among several. */
  readonly preferred: string | undefined;
  readonly serialNumbers: readonly string[];
  readonly userName: string;
  readonly message: string;
  readonly terminal: PersonTerminal | undefined;
  readonly command: readonly string[];
}

/** Throws `device-not-there`, `no-mfa-device`, `no-terminal` (several and nobody to choose), `interrupted`. */
export async function pickDevice(io: Io, profile: string, wish: PickWish): Promise<string> {
  const { named, preferred, serialNumbers, userName, message, terminal, command } = wish;
  if (named !== undefined) {
    if (!serialNumbers.includes(named)) throw new StepupError('device-not-there', { serialNumber: named, userName });
    return named;
  }
  if (preferred !== undefined && serialNumbers.includes(preferred)) return preferred;
  const [first, second] = serialNumbers;
  if (first === undefined) throw new StepupError('no-mfa-device', { profile });
  if (second === undefined) return first;
  if (terminal === undefined) {
    throw new StepupError('no-terminal', {
      question: `which device is meant (${serialNumbers.join(', ')})`,
      command: [...command, '--serial-number', first],
    });
  }
  const { askChoice } = await import('../../terminal/prompt.ts');
  return askChoice(terminal, {
    message,
    during: 'the choice of a device',
    signal: io.interrupted,
    choices: serialNumbers.map((serialNumber) => ({ name: escapeText(serialNumber), value: serialNumber })),
  });
}

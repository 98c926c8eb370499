/** Which of a user's devices is lost. */
import { StepupError } from '../../errors.ts';
import { makesCodes } from '../../guardrails/reset-device.ts';
import { escapeText } from '../../terminal/escape.ts';
import type { Io } from '../io.ts';
import { lazyTerminal } from '../lazy-terminal.ts';

interface LostChoice {
  readonly name: string;
  readonly held: readonly string[];
  readonly begun: readonly string[];
  readonly named: readonly string[];
  readonly command: readonly string[];
}

/** Those that are named, those of the run before, the only one that makes codes, or the person's choice. */
export async function chooseLost(
  io: Io,
  { name, held, begun, named, command }: LostChoice,
): Promise<readonly string[]> {
  const unknown = named.find((serial) => !held.includes(serial) && !begun.includes(serial));
  if (unknown !== undefined) throw new StepupError('device-not-there', { serialNumber: unknown, userName: name });
  if (named.length + begun.length > 0) {
    return held.filter((serial) => named.includes(serial) || begun.includes(serial));
  }
  const candidates = held.filter(makesCodes);
  const [first, second] = candidates;
  if (first === undefined || second === undefined) return candidates;
  const terminal = lazyTerminal(io);
  try {
    const person = terminal.open();
    if (person === undefined) {
      const question = `which device is lost (${candidates.join(', ')})`;
      throw new StepupError('no-terminal', { question, command: [...command, '--device', first] });
    }
    const { askChoice } = await import('../../terminal/prompt.ts');
    return await askChoice<readonly string[]>(person, {
      message: `Which device of ${escapeText(name)} is lost?`,
      during: 'the choice of a device',
      signal: io.interrupted,
      choices: [
        ...candidates.map((serial) => ({ name: escapeText(serial), value: [serial] })),
        { name: 'All of these', value: candidates },
      ],
    });
  } finally {
    terminal.close();
  }
}

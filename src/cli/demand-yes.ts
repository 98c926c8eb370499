/** The question before something is changed for good: whoever isn't there to say yes is told how to say it beforehand. */
import { StepupError } from '../errors.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import type { Io } from './io.ts';
import { lazyTerminal } from './lazy-terminal.ts';

export interface Agreement {
  /** Names of others in it must be escaped. */
  readonly question: string;
  /** In the words of the error when the person leaves or says no. */
  readonly during: string;
  /** What answers it without a terminal. */
  readonly command: readonly string[];
  /** What the person agrees to. */
  readonly matter: (style: Style) => string;
  /** It went to a terminal already; else it is shown with the question: nobody agrees to what only a file got to see. */
  readonly isSeen: boolean;
}

/** Returns if the answer is yes. Throws `no-terminal`; `interrupted` at Ctrl-C and for a no. */
export async function demandYes(io: Io, agreement: Agreement): Promise<void> {
  const { question, during, command, matter, isSeen } = agreement;
  const terminal = lazyTerminal(io);
  try {
    const person = terminal.open();
    if (person === undefined) throw new StepupError('no-terminal', { question, command });
    if (!isSeen) person.output.write(matter(styleFor(person.output, io.env)));
    const { askYesNo } = await import('../terminal/prompt.ts');
    const yes = await askYesNo(person, { message: question, default: false, during, signal: io.interrupted });
    if (!yes) throw new StepupError('interrupted', { during });
  } finally {
    terminal.close();
  }
}

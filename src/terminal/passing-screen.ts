/**
 * A screen for what must not stay: the terminal's alternate one, which has no scrollback and gives way to what was there
 * before (xterm's `?1049`). A terminal that is known to have none keeps what was printed; the caller can say so.
 */
import type { PersonTerminal } from './controlling.ts';

const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const LEAVE = '\u001b[2J\u001b[H\u001b[?1049l';

export interface PassingScreen {
  /** False: what was shown stays on the screen. */
  readonly isPassing: boolean;
  /** Puts the old screen back; further calls do nothing. */
  readonly leave: () => void;
}

export function passingScreen(
  { output }: Pick<PersonTerminal, 'output'>,
  env: Readonly<Record<string, string | undefined>>,
): PassingScreen {
  // Windows Terminal has one too, and sets no TERM.
  const isPassing =
    env['TERM'] === undefined || env['TERM'] === '' ? Boolean(env['WT_SESSION']) : env['TERM'] !== 'dumb';
  if (!isPassing) return { isPassing, leave: () => undefined };
  output.write(ENTER);
  let isThere = true;
  return {
    isPassing,
    leave: () => {
      if (isThere) output.write(LEAVE);
      isThere = false;
    },
  };
}

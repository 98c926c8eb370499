/** The terminal of a person whom a command may have to ask. */
import type { CodeSource } from '../mfa/source.ts';
import type { PersonTerminal } from '../terminal/controlling.ts';
import { codePrompt } from './codes/prompt.ts';
import type { Io } from './io.ts';

export interface LazyTerminal {
  /** Opens it at the first call; undefined where there is none. */
  readonly open: () => PersonTerminal | undefined;
  /** Without opening it. */
  readonly opened: () => PersonTerminal | undefined;
  /** The prompt for a code on it. */
  readonly codes: () => CodeSource | undefined;
  readonly close: () => void;
}

/** The person's terminal, opened when it is first needed and closed once. */
export function lazyTerminal(io: Io): LazyTerminal {
  let terminal: PersonTerminal | undefined;
  let tried = false;
  const open = (): PersonTerminal | undefined => {
    if (!tried) terminal = io.openTerminal();
    tried = true;
    return terminal;
  };
  return {
    open,
    opened: () => terminal,
    codes: (): CodeSource | undefined => {
      const at = open();
      return at === undefined ? undefined : codePrompt(at, io.env, io.now);
    },
    close: () => terminal?.close(),
  };
}

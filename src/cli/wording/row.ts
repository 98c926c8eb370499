/** What a row of the wording tables is made of. */
import type { ErrorCode, ErrorFields } from '../../errors.ts';
import type { ExitCode } from '../exit-code.ts';

export interface Wording {
  /** One sentence, no full stop needed: what went wrong. */
  readonly what: string;
  readonly why?: string;
  /** The next step: a command, or something to check. Several are several lines. */
  readonly next?: string;
}

export interface Row<Code extends ErrorCode> {
  readonly exit: ExitCode;
  readonly say: (fields: ErrorFields[Code]) => Wording;
}

/** Rows for some of the codes. */
export type Rows<Codes extends ErrorCode> = { readonly [Code in Codes]: Row<Code> };

/** A wording with its optional parts left out where there is nothing to say. */
export function wording(
  what: string,
  more: { readonly why?: string | undefined; readonly next?: string | undefined } = {},
): Wording {
  return {
    what,
    ...(more.why === undefined ? {} : { why: more.why }),
    ...(more.next === undefined ? {} : { next: more.next }),
  };
}

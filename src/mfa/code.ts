/** A code as a person or a program gives it. */
import { StepupError } from '../errors.ts';

/** The six digits, white space around and between them dropped (`123 456`, as apps show it); undefined for anything else. */
export function readCode(text: string): string | undefined {
  const digits = text.replace(/\s/g, '');
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}

/** As {@link readCode}, for a code that nobody can be asked for again. `source` is named in the error. Throws `code-malformed`. */
export function requireCode(text: string, source: string): string {
  const code = readCode(text);
  if (code !== undefined) return code;
  throw new StepupError('code-malformed', { source, problem: text.trim() === '' ? 'empty' : 'not-six-digits' });
}

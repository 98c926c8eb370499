/** `--code N` and `--code -`: a code that nobody needs to be asked for. */
import { StepupError } from '../../errors.ts';
import { requireCode } from '../../mfa/code.ts';
import { type CodeSource, givenCode } from '../../mfa/source.ts';
import type { Io } from '../io.ts';

/** A code and a line break need eight bytes; somebody who pipes a disk into us isn't read to the end. */
const MOST_BYTES = 1024;

/**
 * The source for the option's value; undefined without the option. Stdin is read when the code is needed, not before:
 * a program that makes a code from the time should make it late.
 * Throws `code-malformed` for a value that is no code.
 */
export function codeFromOption(
  option: string | undefined,
  io: Pick<Io, 'stdin' | 'interrupted'>,
): CodeSource | undefined {
  if (option === undefined) return undefined;
  if (option !== '-') return givenCode(requireCode(option, '--code'), '--code');
  return {
    name: 'stdin',
    tellsPerson: false,
    madeHere: false,
    tries: 1,
    code: async () => requireCode(await firstLine(io), 'stdin'),
  };
}

async function firstLine({ stdin, interrupted }: Pick<Io, 'stdin' | 'interrupted'>): Promise<string> {
  let text = '';
  const stop = (): void => {
    stdin.destroy();
  };
  interrupted.addEventListener('abort', stop);
  try {
    for await (const chunk of stdin) {
      text += String(chunk);
      if (text.includes('\n') || text.length > MOST_BYTES) break;
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
  if (interrupted.aborted) throw new StepupError('interrupted', { during: 'reading the code from stdin' });
  return text.split('\n', 1)[0] ?? '';
}

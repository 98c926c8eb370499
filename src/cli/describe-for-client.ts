import { isStepupError } from '../errors.ts';
import { wordError } from './wording/wording.ts';

/** What a program that asked for credentials is told when there are none: one line, no secret. */
export function describeForClient(error: unknown): { readonly code: string; readonly message: string } {
  if (!isStepupError(error)) return { code: 'internal', message: 'Something went wrong inside stepup.' };
  const { what, next } = wordError(error);
  return { code: error.code, message: next === undefined ? `${what}.` : `${what}. ${next}` };
}

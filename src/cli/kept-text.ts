/** What is kept, as a text for others than `credential_process`: the other formats, and names to complete. */
import { credentialFormats, formatCredentials } from '../delivery/formats.ts';
import { printableNames } from './profile-names.ts';
import type { KeptCommand, UnfinishedAnswer } from './remembered-answer.ts';

/** @returns undefined where the whole program is needed */
export function keptText(answer: Exclude<UnfinishedAnswer, KeptCommand>): string | undefined {
  if (answer.type === 'profiles') return printableNames(answer.names);
  const format = credentialFormats.find((name) => name === answer.format);
  try {
    return format && formatCredentials(format, answer.credentials);
  } catch {
    return undefined;
  }
}

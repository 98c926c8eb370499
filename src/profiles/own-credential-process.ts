import { splitWords } from './split-words.ts';

/** Under the names that installers and downloads give it: `stepup`, `stepup.cjs`, `stepup-linux-x64`, `stepup.exe`. */
const OWN_PROGRAM = /(^|[\\/])stepup(-[\w-]+)?(\.c?js|\.cmd|\.exe)?$/;

/**
 * The profile that a `credential_process` asks stepup for: `stepup credentials NAME …`, by whatever path, or
 * `node …/stepup.cjs credentials NAME …`.
 * @returns undefined for any other command
 */
export function ownCredentialProcess(words: readonly string[]): string | undefined {
  const at = words.slice(0, 2).findIndex((word) => OWN_PROGRAM.test(word));
  if (at === -1 || words[at + 1] !== 'credentials') return undefined;
  return words.slice(at + 2).find((word, index, rest) => !word.startsWith('-') && rest[index - 1] !== '--format');
}

export function isOwnCredentialProcess(command: string): boolean {
  return ownCredentialProcess(splitWords(command) ?? []) !== undefined;
}

/** Passphrases and identities of tests: each made anew, and told to the watch of secrets. */
import { randomBytes } from 'node:crypto';
import { generateIdentity } from 'age-encryption';
import { madeSecrets } from './made-secrets.ts';

/** Words that can be typed at any prompt; no two alike. */
export function newPassphrase(): string {
  const passphrase = `correct horse ${randomBytes(6).toString('hex')}`;
  madeSecrets(passphrase);
  return passphrase;
}

/** A new `AGE-SECRET-KEY-1…`. */
export async function newIdentity(): Promise<string> {
  const identity = await generateIdentity();
  madeSecrets(identity);
  return identity;
}

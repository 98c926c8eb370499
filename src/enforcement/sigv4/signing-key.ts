/** The key that signs: derived from the secret for one day, region and service. */
import { createHmac } from 'node:crypto';
import { createRecent } from '../recent.ts';
import { type CredentialScope, scopeText } from './scope.ts';

/** Deriving takes four HMACs, and one client signs thousands of requests with the same key. */
const keys = createRecent<Buffer>(1024);

/** HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), terminator). */
export function signingKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  // The scope is the client's text; the secret, which has no line feed, stands before it.
  return keys.get(`${secretAccessKey}\n${scopeText(scope)}`, () => {
    const day = hmac(`AWS4${secretAccessKey}`, scope.date);
    return hmac(hmac(hmac(day, scope.region), scope.service), scope.terminator);
  });
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest();
}

/** The signature over a string to sign, in hexadecimal. `text`: one character a byte. */
export function signatureOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text, 'latin1').digest('hex');
}

/** The key that signs: derived from the secret for one day, region and service. */
import { createHmac } from 'node:crypto';
import { HmacKey } from '../hmac.ts';
import { createRecent } from '../recent.ts';
import type { CredentialScope } from './scope.ts';

/** Deriving takes four HMACs, and one client signs thousands of requests with the same key. */
const keys = createRecent<HmacKey>(1024);

/** HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), terminator). */
export function signingKey(secretAccessKey: string, scope: CredentialScope): HmacKey {
  // The scope is the client's text; the secret, which has no line feed, stands before it.
  return keys.get(`${secretAccessKey}\n${scope.text}`, () => {
    const day = hmac(`AWS4${secretAccessKey}`, scope.date);
    return new HmacKey(hmac(hmac(hmac(day, scope.region), scope.service), scope.terminator));
  });
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest();
}

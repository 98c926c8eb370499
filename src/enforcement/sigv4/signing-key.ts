/** The key that signs: derived from the secret for one day, region and service. */
import { createHmac } from 'node:crypto';
import { type CredentialScope, scopeText } from './scope.ts';

const GENERATION_SIZE = 1024;

/**
 * Derived keys of late use: deriving takes four HMACs, and one client signs thousands of requests with the same. Two
 * generations of bounded size: what wasn't used while a generation filled up is dropped with it.
 */
let young = new Map<string, Buffer>();
let old = new Map<string, Buffer>();

/** HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), terminator). */
export function signingKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  // The scope is the caller's text: the secret, of known alphabet, stands first and ends at the line.
  const name = `${secretAccessKey}\n${scopeText(scope)}`;
  const kept = young.get(name);
  if (kept !== undefined) return kept;
  const key = old.get(name) ?? derive(secretAccessKey, scope);
  if (young.size >= GENERATION_SIZE) {
    old = young;
    young = new Map();
  }
  young.set(name, key);
  return key;
}

function derive(secretAccessKey: string, scope: CredentialScope): Buffer {
  const day = hmac(`AWS4${secretAccessKey}`, scope.date);
  return hmac(hmac(hmac(day, scope.region), scope.service), scope.terminator);
}

export function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest();
}

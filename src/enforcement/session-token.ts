/**
 * Temporary credentials that need no memory: the session token holds the key id, the secret and the session, sealed.
 * Whoever has the authority's key can open and check them, after any number of restarts; nobody else can make or change
 * one.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeAccessKeyId } from './access-key-id.ts';
import type { Randomness } from './ports.ts';
import { createSeal } from './seal.ts';
import type { Session } from './session.ts';
import { decodeSession, encodeSession } from './session-encoding.ts';

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface OpenedToken {
  readonly secretAccessKey: string;
  readonly session: Session;
}

export interface SessionTokens {
  /** New credentials for a session. */
  seal(session: Session): TemporaryCredentials;
  /** What is in a token that was made with this key for this access key id; undefined for any other. */
  open(sessionToken: string, accessKeyId: string): OpenedToken | undefined;
}

/** The first byte of what is sealed: how the rest is written. */
const PLAIN = 'P';
const DEFLATED = 'D';
/**
 * Policies and tags are limited by what they take when packed (`PackedPolicyTooLarge`), which leaves room for many
 * times as much plain text, and a token has to fit into a header.
 */
const DEFLATED_FROM_CHARACTERS = 1024;
/** Fifty tags of the longest keys and values, and the keys again as transitive ones, take a tenth of it. */
const MAX_SESSION_BYTES = 1024 * 1024;
const KEY_ID_BYTES = 10;
const KEY_ID_CHARACTERS = 20;
/** Forty characters. */
const SECRET_BYTES = 30;
const SECRET_CHARACTERS = 40;
const MAX_TOKEN_CHARACTERS = 16_384;

/** `key`: 32 random bytes that stay with the authority's data. */
export function createSessionTokens(key: Uint8Array, random: Randomness): SessionTokens {
  // Whoever changes what is sealed, or how, changes the number: a token of before then opens no more.
  const { seal, open } = createSeal(key, 'stepup sandbox: session tokens 5', random);

  return {
    seal(session) {
      const accessKeyId = encodeAccessKeyId('ASIA', random.bytes(KEY_ID_BYTES));
      const secretAccessKey = random.bytes(SECRET_BYTES).toString('base64');
      const token = seal(packed(accessKeyId + secretAccessKey + encodeSession(session)));
      return { accessKeyId, secretAccessKey, sessionToken: token.toString('base64') };
    },

    open(sessionToken, accessKeyId) {
      if (sessionToken.length > MAX_TOKEN_CHARACTERS) return undefined;
      const token = Buffer.from(sessionToken, 'base64');
      // Decoding skips what isn't base64: only the one text that these bytes encode to is the token.
      if (token.toString('base64') !== sessionToken) return undefined;
      const opened = open(token);
      if (opened === undefined) return undefined;
      const bytes = unpacked(opened);
      // Texts of their own: a part of one long text would keep all of it for as long as the secret's signing key is kept.
      if (bytes.toString('latin1', 0, KEY_ID_CHARACTERS) !== accessKeyId) return undefined;
      const secretEnd = KEY_ID_CHARACTERS + SECRET_CHARACTERS;
      return {
        secretAccessKey: bytes.toString('latin1', KEY_ID_CHARACTERS, secretEnd),
        session: decodeSession(bytes.toString('utf8', secretEnd)),
      };
    },
  };
}

function packed(text: string): Buffer {
  if (text.length < DEFLATED_FROM_CHARACTERS) return Buffer.from(PLAIN + text);
  return Buffer.concat([Buffer.from(DEFLATED), deflateRawSync(text)]);
}

function unpacked(bytes: Buffer): Buffer {
  const rest = bytes.subarray(1);
  return bytes[0] === PLAIN.charCodeAt(0) ? rest : inflateRawSync(rest, { maxOutputLength: MAX_SESSION_BYTES });
}

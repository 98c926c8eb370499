/**
 * Temporary credentials that need no memory: the session token holds the key id, the secret and the session, sealed
 * (AES-256-GCM). Whoever has the authority's key can open and check them, after any number of restarts; nobody else can
 * make or change one.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeAccessKeyId } from './access-key-id.ts';
import type { Randomness } from './ports.ts';
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

/** The first byte of a token: how what is sealed is written. A new layout takes the next number. */
const LAYOUT = { plain: 3, deflated: 4 } as const;
/**
 * Policies and tags are limited by what they take when packed (`PackedPolicyTooLarge`), which leaves room for many
 * times as much plain text, and a token has to fit into a header.
 */
const DEFLATED_FROM_CHARACTERS = 1024;
/** Fifty tags of the longest keys and values, and the keys again as transitive ones, take a tenth of it. */
const MAX_SESSION_BYTES = 1024 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 10;
const KEY_ID_CHARACTERS = 20;
/** Forty characters. */
const SECRET_BYTES = 30;
const SECRET_CHARACTERS = 40;
const MAX_TOKEN_CHARACTERS = 16_384;

/** `key`: 32 random bytes that stay with the authority's data. */
export function createSessionTokens(key: Uint8Array, random: Randomness): SessionTokens {
  // Each layout has a key of its own, so that a token means nothing when its first byte is changed.
  const keys = {
    [LAYOUT.plain]: subkey(key, LAYOUT.plain),
    [LAYOUT.deflated]: subkey(key, LAYOUT.deflated),
  };

  return {
    seal(session) {
      const accessKeyId = encodeAccessKeyId('ASIA', random.bytes(KEY_ID_BYTES));
      const secretAccessKey = random.bytes(SECRET_BYTES).toString('base64');
      const nonce = random.bytes(NONCE_BYTES);
      const text = accessKeyId + secretAccessKey + encodeSession(session);
      const layout = text.length < DEFLATED_FROM_CHARACTERS ? LAYOUT.plain : LAYOUT.deflated;
      const cipher = createCipheriv('aes-256-gcm', keys[layout], nonce);
      const sealed = layout === LAYOUT.plain ? cipher.update(text, 'utf8') : cipher.update(deflateRawSync(text));
      cipher.final();
      const token = Buffer.concat([Buffer.of(layout), nonce, sealed, cipher.getAuthTag()]);
      return { accessKeyId, secretAccessKey, sessionToken: token.toString('base64') };
    },

    open(sessionToken, accessKeyId) {
      if (sessionToken.length > MAX_TOKEN_CHARACTERS) return undefined;
      const token = Buffer.from(sessionToken, 'base64');
      // Decoding skips what isn't base64: only the one text that these bytes encode to is the token.
      if (token.toString('base64') !== sessionToken) return undefined;
      const layout = token[0];
      if (layout !== LAYOUT.plain && layout !== LAYOUT.deflated) return undefined;
      if (token.length <= 1 + NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', keys[layout], token.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(token.subarray(-TAG_BYTES));
      const opened = decipher.update(token.subarray(1 + NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      const bytes = layout === LAYOUT.plain ? opened : inflateRawSync(opened, { maxOutputLength: MAX_SESSION_BYTES });
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

function subkey(key: Uint8Array, layout: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `stepup sandbox: session tokens ${layout}`, 32));
}

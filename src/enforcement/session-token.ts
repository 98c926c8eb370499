/**
 * Temporary credentials that need no memory: the session token holds the session, sealed (AES-256-GCM), and the secret
 * follows from the access key id by HMAC. Whoever has the authority's key can open and check them, after any number of
 * restarts; nobody else can make or change one.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeAccessKeyId } from './access-key-id.ts';
import { HmacKey } from './hmac.ts';
import type { Randomness } from './ports.ts';
import type { Session } from './session.ts';
import { decodeSession, encodeSession } from './session-encoding.ts';

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface SessionTokens {
  /** New credentials for a session. */
  seal(session: Session): TemporaryCredentials;
  /** The session of a token that was made with this key for this access key id; undefined for any other. */
  open(sessionToken: string, accessKeyId: string): Session | undefined;
  /** The secret that belongs to a temporary access key id. */
  secretOf(accessKeyId: string): string;
}

/** The first byte of a token: how the sealed session is written. A new layout takes the next number. */
const LAYOUT = { plain: 1, deflated: 2 } as const;
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
/** Of the 44 that 32 bytes make. */
const SECRET_CHARACTERS = 40;
const MAX_TOKEN_CHARACTERS = 16_384;

/** `key`: 32 random bytes that stay with the authority's data. */
export function createSessionTokens(key: Uint8Array, random: Randomness): SessionTokens {
  const sealingKey = subkey(key, 'session tokens');
  const secretsKey = new HmacKey(subkey(key, 'secrets of temporary keys'));

  function secretOf(accessKeyId: string): string {
    return secretsKey.sign(accessKeyId, 'base64').slice(0, SECRET_CHARACTERS);
  }

  return {
    secretOf,

    seal(session) {
      const accessKeyId = encodeAccessKeyId('ASIA', random.bytes(KEY_ID_BYTES));
      const nonce = random.bytes(NONCE_BYTES);
      const text = encodeSession(session);
      const layout = text.length < DEFLATED_FROM_CHARACTERS ? LAYOUT.plain : LAYOUT.deflated;
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(boundTo(layout, accessKeyId));
      const sealed = layout === LAYOUT.plain ? cipher.update(text, 'utf8') : cipher.update(deflateRawSync(text));
      cipher.final();
      const token = Buffer.concat([Buffer.of(layout), nonce, sealed, cipher.getAuthTag()]);
      return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken: token.toString('base64') };
    },

    open(sessionToken, accessKeyId) {
      if (sessionToken.length > MAX_TOKEN_CHARACTERS) return undefined;
      const token = Buffer.from(sessionToken, 'base64');
      // Decoding skips what isn't base64: only the one text that these bytes encode to is the token.
      if (token.toString('base64') !== sessionToken) return undefined;
      const layout = token[0];
      if (layout !== LAYOUT.plain && layout !== LAYOUT.deflated) return undefined;
      if (token.length <= 1 + NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, token.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(boundTo(layout, accessKeyId));
      decipher.setAuthTag(token.subarray(-TAG_BYTES));
      const opened = decipher.update(token.subarray(1 + NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      const text = layout === LAYOUT.plain ? opened : inflateRawSync(opened, { maxOutputLength: MAX_SESSION_BYTES });
      return decodeSession(text.toString('utf8'));
    },
  };
}

/** What is authenticated beside the session: the layout and the key id that the token goes with. */
function boundTo(layout: number, accessKeyId: string): Buffer {
  return Buffer.from(`${layout} ${accessKeyId}`);
}

function subkey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `stepup sandbox: ${purpose}`, 32));
}

import { isoSeconds } from '../../enforcement/iso-seconds.ts';
import type { TemporaryCredentials } from '../../enforcement/session-token.ts';
import type { XmlValue } from '../operation.ts';

/** The `Credentials` of an answer. */
export function printCredentials(credentials: TemporaryCredentials, expiresAtMs: number): XmlValue {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: isoSeconds(expiresAtMs),
  };
}

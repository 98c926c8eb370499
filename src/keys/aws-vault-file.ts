/**
 * aws-vault's encrypted files: one a profile, each a JWE in its compact form (RFC 7516), whose key comes from a
 * passphrase (PBES2-HS256+A128KW, RFC 7518 section 4.8) and whose content is an item of its keyring library as JSON.
 */
import { StepupError } from '../errors.ts';

/** The library writes 8,192; a file that wants more than this wants to keep us busy. */
const MOST_ITERATIONS = 1_000_000;

/** The item's text. @throws StepupError `store-locked` for a wrong passphrase, or a file that is something else */
export async function openVaultFile(sealed: string, passphrase: string): Promise<string> {
  const { compactDecrypt } = await import('jose');
  try {
    const { plaintext } = await compactDecrypt(sealed.trim(), new TextEncoder().encode(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS256+A128KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: MOST_ITERATIONS,
    });
    return new TextDecoder().decode(plaintext);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StepupError('store-locked', { store: 'aws-vault file', detail }, { cause: error });
  }
}

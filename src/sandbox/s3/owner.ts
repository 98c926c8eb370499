import { createHash } from 'node:crypto';

/** An account's canonical user id, by which S3 names owners: here a hash of the twelve digits. */
export function ownerOf(accountId: string): { readonly ID: string } {
  return { ID: createHash('sha256').update(`canonical user ${accountId}`).digest('hex') };
}

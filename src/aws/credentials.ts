/** What an AWS request is signed with. `expiresAtMs` (epoch milliseconds) is absent for a long-term key. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiresAtMs?: number;
  readonly accountId?: string;
}

/** RFC 3339 in UTC without fractions, as AWS prints it: `2026-01-31T09:00:00Z`. */
export function formatInstant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

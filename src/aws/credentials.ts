/** What an AWS request is signed with. `expiresAtMs` (epoch milliseconds) is absent for a long-term key. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiresAtMs?: number;
  readonly accountId?: string;
}

/** What STS issues: temporary, so the token and the end are always there. */
export interface SessionCredentials extends Credentials {
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** RFC 3339 in UTC without fractions, as AWS prints it: `2026-01-31T09:00:00Z`. */
export function formatInstant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

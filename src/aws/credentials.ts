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
  // Not toISOString: for it Node reads the system's time zone, which takes longer than all the rest of an answer's text.
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) throw new RangeError('there is no such instant');
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${day}T${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}Z`;
}

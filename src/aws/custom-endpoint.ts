/** What a person configured of an endpoint. Apart from AWS's own hosts: a kept answer needs none of those. */
import { StepupError } from '../errors.ts';

const LABEL_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-';

export interface CustomEndpoint {
  readonly url: string;
  /** Where it was set, in words that a person finds again: `AWS_ENDPOINT_URL in the environment`. */
  readonly origin: string;
}

/** @throws StepupError `endpoint-invalid` for what is no http(s) URL, or has a name or password in it */
export function parseCustomEndpoint({ url, origin }: CustomEndpoint): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol) || parsed.username || parsed.password) {
    throw new StepupError('endpoint-invalid', { value: withoutUser(url), origin });
  }
  return parsed;
}

/** As it may be shown: what stands before the host may be a password. */
function withoutUser(url: string): string {
  return url.replace(/^(\w+:\/\/)?.*@/s, '$1…@');
}

/** @throws StepupError `endpoint-invalid` for a region that can't be part of a host name */
export function requireRegion(region: string | undefined): void {
  if (region === undefined || isHostLabel(region)) return;
  throw new StepupError('endpoint-invalid', { value: region, origin: 'the region' });
}

/** Letters, digits and hyphens. Looked at one by one: a regular expression takes longer to compile than this to run. */
export function isHostLabel(text: string): boolean {
  if (text.length === 0 || text.length > 64) return false;
  for (const character of text) {
    if (!LABEL_CHARACTERS.includes(character)) return false;
  }
  return true;
}

/** Session tags (IAM User Guide, "Pass session tags in AWS STS"): what may be passed, and what a chain hands on. */
import type { Tag } from '../../enforcement/ports.ts';
import { Refusal } from '../../enforcement/refusal.ts';

export interface SessionTags {
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
}

/** Throws Refusal `InvalidParameterValue` for keys that are equal but for case, reserved, or transitive without a tag. */
export function checkSessionTags({ tags, transitiveTagKeys }: SessionTags): void {
  const keys = new Set(tags.map(({ key }) => key.toLowerCase()));
  if (keys.size < tags.length) {
    throw invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (tags.some(({ key }) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidParameterValue('Tag keys that begin with aws: are reserved for AWS.');
  }
  if (!transitiveTagKeys.every((key) => keys.has(key.toLowerCase()))) {
    throw invalidParameterValue('The specified transitive tag key must be included in the requested tags.');
  }
}

/**
 * The tags of the new session: those passed, and the transitive ones of the session that calls. Throws Refusal if the
 * two are in conflict.
 */
export function handedOn(requested: SessionTags, calling: SessionTags | undefined): SessionTags {
  if (calling === undefined || calling.transitiveTagKeys.length === 0) return requested;
  const transitive = lowerCased(calling.transitiveTagKeys);
  if (requested.tags.some(({ key }) => transitive.has(key.toLowerCase()))) {
    throw invalidParameterValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  return {
    tags: [...calling.tags.filter(({ key }) => transitive.has(key.toLowerCase())), ...requested.tags],
    transitiveTagKeys: [...calling.transitiveTagKeys, ...requested.transitiveTagKeys],
  };
}

function lowerCased(keys: readonly string[]): ReadonlySet<string> {
  return new Set(keys.map((key) => key.toLowerCase()));
}

function invalidParameterValue(message: string): Refusal {
  return new Refusal('InvalidParameterValue', 400, message);
}

/** Session policies as AssumeRole and GetFederationToken take them: documents and ARNs, and how much of them. */
import { deflateRawSync } from 'node:zlib';
import type { Directory, Tag } from '../../enforcement/ports.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { SessionPolicies } from '../../enforcement/session.ts';
import { isStepupError } from '../../errors.ts';
import { parsePolicy } from '../../policy/parse.ts';

/** "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters." */
const MAX_PLAIN_CHARACTERS = 2048;
/** doubt: the binary form that AWS packs policies, ARNs and tags into isn't published, nor is its limit. */
const MAX_PACKED_BYTES = 2048;

export interface PolicyInput {
  readonly Policy: string | undefined;
  readonly PolicyArns: readonly { readonly arn: string }[] | undefined;
}

/** The policies of a new session. Throws Refusal for a document that doesn't parse, or too much plain text. */
export function readSessionPolicies({ Policy: inline, PolicyArns: arns = [] }: PolicyInput): SessionPolicies {
  const managed = arns.map(({ arn }) => arn);
  if (inline !== undefined) checkDocument(inline);
  const plainCharacters = managed.reduce((sum, arn) => sum + arn.length, inline?.length ?? 0);
  if (plainCharacters > MAX_PLAIN_CHARACTERS) {
    throw new Refusal(
      'PackedPolicyTooLarge',
      400,
      `The plain text of the session policies is ${plainCharacters} characters long; the limit is ${MAX_PLAIN_CHARACTERS}.`,
    );
  }
  return { inline, managed };
}

/** Managed session policies must be there, in the account of the session. Throws Refusal `ValidationError`. */
export function checkManagedPolicies(
  { managed }: SessionPolicies,
  accountId: string,
  directory: Pick<Directory, 'managedPolicy'>,
): void {
  for (const arn of managed) {
    // doubt: what STS answers to a policy that isn't there is taken from IAM.
    if (directory.managedPolicy(accountId, arn) === undefined) {
      throw new Refusal('ValidationError', 400, `Policy ARN ${arn} does not exist or is not attachable.`);
    }
  }
}

/** `PackedPolicySize`, in per cent of the limit; undefined if there is nothing to pack. Throws `PackedPolicyTooLarge`. */
export function packedSizePercent({ inline, managed }: SessionPolicies, tags: readonly Tag[]): number | undefined {
  if (inline === undefined && managed.length === 0 && tags.length === 0) return undefined;
  const plain = JSON.stringify([inline, managed, tags.map(({ key, value }) => [key, value])]);
  const percent = Math.ceil((deflateRawSync(plain).length * 100) / MAX_PACKED_BYTES);
  if (percent > 100) {
    const what = inline === undefined && managed.length === 0 ? 'session tags' : 'session policies and tags';
    throw new Refusal('PackedPolicyTooLarge', 400, `Packed size of ${what} consumes ${percent}% of allotted space.`);
  }
  return percent;
}

function checkDocument(text: string): void {
  try {
    parsePolicy(text, 'session');
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    throw new Refusal('MalformedPolicyDocument', 400, error.fields.aws.replace(/^MalformedPolicyDocument: /, ''));
  }
}

/** Policy documents as IAM takes them: what makes one malformed, and how long it may be. */
import { isStepupError } from '../../errors.ts';
import type { PolicyDocument, PolicyKind } from '../../policy/document.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { Call } from '../operation.ts';
import { resolvePrincipals } from '../principals.ts';
import { quotas } from './quotas.ts';
import { malformedPolicyDocument, quotaExceeded } from './refusals.ts';

/** IAM doesn't count white space (IAM User Guide, IAM and AWS STS quotas). */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}

/** Throws `MalformedPolicyDocument` with what AWS says of it. */
export function demandIdentityPolicy(document: string): PolicyDocument {
  return demandDocument(document, 'identity');
}

/** A managed policy must be of the present version, and not too long. */
export function demandManagedPolicyDocument(document: string): void {
  const { version } = demandIdentityPolicy(document);
  if (version !== '2012-10-17') {
    throw malformedPolicyDocument('Policy document must be version 2012-10-17 or greater.');
  }
  if (sizeOf(document) > quotas.policySize) throw quotaExceeded('PolicySize', quotas.policySize);
}

/** The trust policy in the form to keep. Every principal must exist. */
export function demandTrustPolicy(call: Call, document: string): string {
  demandDocument(document, 'trust');
  if (sizeOf(document) > quotas.trustPolicySize) throw quotaExceeded('ACLSizePerRole', quotas.trustPolicySize);
  const resolved = resolvePrincipals(call.store, document);
  if (!resolved.ok) throw malformedPolicyDocument(`Invalid principal in policy: ${resolved.principal}`);
  return resolved.document;
}

/** AWS's words for a malformed document, without the name of the error. */
export function awsWordsFor(error: unknown): string | undefined {
  return isStepupError(error, 'malformed-policy')
    ? error.fields.aws.replace(/^MalformedPolicyDocument: /, '')
    : undefined;
}

function demandDocument(document: string, kind: PolicyKind): PolicyDocument {
  try {
    return parsePolicy(document, kind);
  } catch (error) {
    const words = awsWordsFor(error);
    throw words === undefined ? error : malformedPolicyDocument(words);
  }
}

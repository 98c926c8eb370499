import { Refusal } from '../../enforcement/refusal.ts';
import { isStepupError } from '../../errors.ts';
import type { PolicyDocument } from '../../policy/document.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../../policy/prepare.ts';
import { resolvePrincipals, showPrincipals } from '../principals.ts';
import type { Bucket } from './entities.ts';
import { type BucketCall, bucketArn, type S3Answer } from './operation.ts';

/** S3 User Guide, Bucket policies: "limited to 20 KB in size". */
const maxPolicyBytes = 20 * 1024;

const prepared = new WeakMap<Bucket, PreparedPolicy>();

/** The bucket's policy, compiled once for each bucket as it is stored. */
export function preparedBucketPolicy(bucket: Bucket): PreparedPolicy | undefined {
  if (bucket.policy === undefined) return undefined;
  let policy = prepared.get(bucket);
  if (policy === undefined) {
    policy = preparePolicy(parsePolicy(bucket.policy, 'resource'));
    prepared.set(bucket, policy);
  }
  return policy;
}

export function getBucketPolicy({ bucket, store }: BucketCall): S3Answer {
  if (bucket.policy === undefined) {
    throw new Refusal('NoSuchBucketPolicy', 404, 'The bucket policy does not exist', { BucketName: bucket.name });
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: showPrincipals(store, bucket.policy),
  };
}

/** The policy is held against S3's own rules as well: it speaks of this bucket, and of principals that exist. */
export function putBucketPolicy({ bucket, body, store }: BucketCall): S3Answer {
  if (body.length > maxPolicyBytes) {
    throw malformedPolicy(`Policies must not exceed the maximum allowed document size of ${maxPolicyBytes} bytes`);
  }
  const text = body.toString('utf8');
  const document = parsed(text);
  if (!document.statements.every((statement) => isAbout(statement.resource?.values ?? [], bucket.name))) {
    throw malformedPolicy('Policy has invalid resource');
  }
  const resolved = resolvePrincipals(store, text);
  if (!resolved.ok) throw malformedPolicy('Invalid principal in policy', { Detail: resolved.principal });
  store.commit([{ table: 'buckets', key: bucket.name, value: { ...bucket, policy: resolved.document } }]);
  return { status: 204 };
}

export function deleteBucketPolicy({ bucket, store }: BucketCall): S3Answer {
  const { policy, ...rest } = bucket;
  if (policy !== undefined) store.commit([{ table: 'buckets', key: bucket.name, value: rest }]);
  return { status: 204 };
}

function parsed(text: string): PolicyDocument {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    if (isStepupError(error, 'malformed-policy')) {
      throw malformedPolicy(error.fields.aws.replace(/^MalformedPolicyDocument: /, ''));
    }
    throw error;
  }
}

/** The bucket or what is in it; a `NotResource` is held to the same (doubt: S3's rule for it isn't documented). */
function isAbout(resources: readonly string[], bucketName: string): boolean {
  const arn = bucketArn(bucketName);
  return resources.every((resource) => resource === arn || resource.startsWith(`${arn}/`));
}

function malformedPolicy(message: string, details: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal('MalformedPolicy', 400, message, details);
}

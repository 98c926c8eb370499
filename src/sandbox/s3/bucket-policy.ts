import { Refusal } from '../../enforcement/refusal.ts';
import { isStepupError } from '../../errors.ts';
import type { PolicyDocument, Statement } from '../../policy/document.ts';
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
  if (!document.statements.every(isOfS3)) throw malformedPolicy('Policy has invalid action');
  if (!document.statements.every((statement) => appliesTo(statement, bucket.name))) {
    throw malformedPolicy('Action does not apply to any resource(s) in statement');
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

/** That each names S3; whether there is such an action isn't known here. */
function isOfS3({ action }: Statement): boolean {
  return action.values.every((value) => /^(\*|s3:)/i.test(value));
}

const ON_OBJECTS = new Set(['s3:deleteobject', 's3:getobject', 's3:putobject']);
const ON_BUCKETS = new Set([
  's3:deletebucket',
  's3:deletebucketpolicy',
  's3:getbucketlocation',
  's3:getbucketpolicy',
  's3:listbucket',
  's3:putbucketpolicy',
]);

/**
 * Reported of real S3: it refuses an action on buckets where all resources are objects, and the other way round. What
 * an action with a wildcard is about, and one that the sandbox doesn't have, isn't known here.
 */
function appliesTo({ action, resource }: Statement, bucketName: string): boolean {
  if (action.negated || resource === undefined || resource.negated) return true;
  const namesBucket = resource.values.includes(bucketArn(bucketName));
  const namesObjects = resource.values.some((value) => value !== bucketArn(bucketName));
  return action.values.every((value) => {
    const name = value.toLowerCase();
    return (namesObjects || !ON_OBJECTS.has(name)) && (namesBucket || !ON_BUCKETS.has(name));
  });
}

function malformedPolicy(message: string, details: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal('MalformedPolicy', 400, message, details);
}

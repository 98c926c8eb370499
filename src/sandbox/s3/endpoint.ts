import { authenticate } from '../../enforcement/authenticate.ts';
import { type Access, authorise } from '../../enforcement/authorise.ts';
import type { ContextEntries, RequestFacts } from '../../enforcement/context.ts';
import { accountOf } from '../../enforcement/principal.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import { headersByName, type SignedRequest } from '../../enforcement/signed-request.ts';
import { s3Dialect } from '../../enforcement/sigv4/s3-dialect.ts';
import { type Answer, discard } from '../../loopback/answer.ts';
import { NoAnswer, serviceFailure } from '../faults.ts';
import { parseForm } from '../server/form.ts';
import type { World } from '../world.ts';
import type { Bodies } from './bodies.ts';
import { preparedBucketPolicy } from './bucket-policy.ts';
import { signatureContext } from './context.ts';
import type { Bucket } from './entities.ts';
import { bucketArn, objectArn, type Row, type S3Answer, type S3Call, type S3Operation } from './operation.ts';
import { operations } from './operations.ts';
import { newIds, printAnswer, printRefusal } from './printing.ts';
import { accessDenied, entityTooLarge, noSuchBucket, notImplemented } from './refusals.ts';
import { routeOf, type S3Route } from './routes.ts';

export interface S3World extends World {
  readonly bodies: Bodies;
}

export interface S3Request {
  readonly signed: SignedRequest;
  readonly facts: RequestFacts;
}

/** Answers one S3 call. Rejects with {@link NoAnswer} if a fault says so; a refusal is an answer. */
export async function answerS3(request: S3Request, world: S3World): Promise<Answer> {
  const ids = newIds(world.random);
  try {
    return printAnswer(await carryOut(request, world), ids);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (error instanceof Refusal) return printRefusal(error, ids, request.signed.rawPath);
    world.onFailure(error);
    return printRefusal(serviceFailure('s3'), ids, request.signed.rawPath);
  }
}

/** For a body that was too long to be read. */
export function refuseTooLarge(rawPath: string, { random }: S3World): Answer {
  return printRefusal(entityTooLarge(), newIds(random), rawPath);
}

async function carryOut({ signed, facts }: S3Request, world: S3World): Promise<S3Answer> {
  // A header that comes twice counts as its first line did; what was signed is all of them.
  const headers = headersByName(signed);
  const query = parseForm(signed.rawQuery);
  const route = routeOf(signed.method, signed.rawPath, query, (name) => headers.has(name));
  world.faults.strike('s3', route.operation, 'before');

  const isNew = route.operation === 'CreateBucket';
  const bucket = route.bucketName === undefined || isNew ? undefined : world.store.get('buckets', route.bucketName);
  const regions = bucket === undefined ? 'any' : [bucket.region];
  const { caller, region, body, trailers } = authenticate(
    signed,
    { name: 's3', dialect: s3Dialect, regions },
    world.authority,
  );
  const operation = operations[route.operation];
  if (operation === undefined) throw notImplemented(route.operation);

  const nowMs = world.clocks.authority();
  const common = signatureContext(signed, query, bucket, world.clocks.machine());
  const authoriseOne: Authorise = (action, resource, context = []) =>
    authoriseS3({ caller, facts, region, nowMs, action, resource, context: [...common, ...context] }, bucket, world);
  const { store, bodies, random } = world;
  const call: S3Call = {
    ...{ caller, accountId: accountOf(caller), region },
    ...{ query, headers, header: (name) => headers.get(name), body, trailers },
    ...{ nowMs, store, bodies, random, authorise: authoriseOne },
  };
  const answer = await perform(operation, route, bucket, call, authoriseOne);
  try {
    world.faults.strike('s3', route.operation, 'after');
  } catch (error) {
    discard(answer.body);
    throw error;
  }
  return answer;
}

const anyBucket = bucketArn('*');

type Authorise = (action: string, resource: string, context?: ContextEntries) => void;

/** Authorised by the row, then done. */
function perform(
  operation: S3Operation,
  { bucketName = '', key = '' }: S3Route,
  bucket: Bucket | undefined,
  call: S3Call,
  authoriseOne: Authorise,
): S3Answer | Promise<S3Answer> {
  if (operation.on === 'account') {
    // The action knows no resource; policies write `*` or `arn:aws:s3:::*`, and both match this.
    return authorised(operation, call, anyBucket, authoriseOne);
  }
  if (operation.on === 'new-bucket') {
    return authorised(operation, { ...call, bucketName }, bucketArn(bucketName), authoriseOne);
  }
  // Bucket names are everybody's: that one isn't there is no secret, unlike what is in one.
  if (bucket === undefined) throw noSuchBucket(bucketName);
  checkExpectedOwner(call, bucket);
  if (operation.on === 'bucket') {
    return authorised(operation, { ...call, bucket }, bucketArn(bucketName), authoriseOne);
  }
  return authorised(operation, { ...call, bucket, key }, objectArn(bucketName, key), authoriseOne);
}

function authorised<Call>(
  { action, context, handle }: Row<Call>,
  call: Call,
  resource: string,
  authoriseOne: Authorise,
): S3Answer | Promise<S3Answer> {
  if (action !== null) authoriseOne(action, resource, context?.(call));
  return handle(call);
}

function authoriseS3(
  access: Omit<Access, 'resourceAccountId' | 'resourcePolicy' | 'resourceInDenial'>,
  bucket: Bucket | undefined,
  world: S3World,
): void {
  const callerAccount = accountOf(access.caller);
  const ownerAccount = bucket?.accountId ?? callerAccount;
  const resourcePolicy = bucket && preparedBucketPolicy(bucket);
  // S3 quotes the resource, and names none where the action knows none.
  const resourceInDenial = access.resource === anyBucket ? '' : `"${access.resource}"`;
  try {
    authorise({ ...access, resourceAccountId: ownerAccount, resourcePolicy, resourceInDenial }, world.authority);
  } catch (error) {
    // S3 gives its reasons only within an account (S3 User Guide, Troubleshoot access denied errors).
    if (error instanceof Refusal && error.code === 'AccessDenied' && callerAccount !== ownerAccount)
      throw accessDenied();
    throw error;
  }
}

/** The bucket's owner, if the client said who that must be (S3 User Guide, Verifying bucket ownership). */
function checkExpectedOwner(call: S3Call, bucket: Bucket): void {
  const expected = call.header('x-amz-expected-bucket-owner');
  if (expected !== undefined && expected !== bucket.accountId) throw accessDenied();
}

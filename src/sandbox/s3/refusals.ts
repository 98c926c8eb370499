/** What S3 answers when it won't (S3 API Reference, Error responses); each makes the Refusal that its handler throws. */
import { Refusal } from '../../enforcement/refusal.ts';

export function noSuchBucket(name: string): Refusal {
  return new Refusal('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
}

export function noSuchKey(key: string): Refusal {
  return new Refusal('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
}

export function accessDenied(): Refusal {
  return new Refusal('AccessDenied', 403, 'Access Denied');
}

export function invalidArgument(message: string, name: string, value: string): Refusal {
  return new Refusal('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });
}

export function malformedXml(): Refusal {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new Refusal('MalformedXML', 400, message);
}

/** S3's own message speaks of a header whatever it was; this one names the thing. */
export function notImplemented(what: string): Refusal {
  return new Refusal('NotImplemented', 501, `${what} is not implemented by this sandbox.`);
}

export function preconditionFailed(condition: string): Refusal {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new Refusal('PreconditionFailed', 412, message, { Condition: condition });
}

/** `proposedBytes` is absent if the body was not read to its end. */
export function entityTooLarge(proposedBytes?: number): Refusal {
  const details = proposedBytes === undefined ? {} : { ProposedSize: String(proposedBytes) };
  return new Refusal('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', details);
}

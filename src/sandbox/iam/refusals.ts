/** IAM's refusals, in AWS's words (statuses from the service model). */
import { Refusal } from '../../enforcement/refusal.ts';

export function noSuchEntity(message: string): Refusal {
  return new Refusal('NoSuchEntity', 404, message);
}

export function alreadyExists(message: string): Refusal {
  return new Refusal('EntityAlreadyExists', 409, message);
}

export function limitExceeded(message: string): Refusal {
  return new Refusal('LimitExceeded', 409, message);
}

/** `Cannot exceed quota for QUOTA: LIMIT` */
export function quotaExceeded(quota: string, limit: number): Refusal {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${limit}`);
}

export function deleteConflict(message: string): Refusal {
  return new Refusal('DeleteConflict', 409, message);
}

export function invalidInput(message: string): Refusal {
  return new Refusal('InvalidInput', 400, message);
}

export function validationError(message: string): Refusal {
  return new Refusal('ValidationError', 400, message);
}

export function malformedPolicyDocument(message: string): Refusal {
  return new Refusal('MalformedPolicyDocument', 400, message);
}

export function accessDenied(message: string): Refusal {
  return new Refusal('AccessDenied', 403, message);
}

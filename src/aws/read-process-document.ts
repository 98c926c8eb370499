import { StepupError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

/**
 * What a `credential_process` printed (AWS CLI User Guide, "Sourcing credentials with an external process").
 * @throws StepupError `base-without-credentials`, which names the member at fault and never its value
 */
export function readProcessDocument(text: string, base: string, nowMs: number): Credentials {
  const unfit = (detail: string): StepupError => new StepupError('base-without-credentials', { base, detail });
  let members: Readonly<Record<string, unknown>>;
  try {
    members = Object(JSON.parse(text.trim()));
  } catch {
    throw unfit('what its credential_process printed is no JSON');
  }
  const required = (name: string): string => {
    const value = members[name];
    const fault = textFault(value);
    if (typeof value === 'string' && fault === undefined) return value;
    throw unfit(`the ${name} that its credential_process gave ${fault}`);
  };
  // Programs print empty or null what they have none of, and the SDKs take that for absent.
  const optional = (name: string): string | undefined => (members[name] ? required(name) : undefined);

  if (members['Version'] !== 1) throw unfit('the Version that its credential_process gave is not 1');
  const sessionToken = optional('SessionToken');
  const expiration = optional('Expiration');
  // Nothing needs it: one that a program prints as a number is no reason to refuse the credentials.
  const accountId = typeof members['AccountId'] === 'string' ? optional('AccountId') : undefined;
  const expiresAtMs = expiration === undefined ? undefined : Date.parse(expiration);
  if (Number.isNaN(expiresAtMs)) throw unfit('the Expiration that its credential_process gave is no date');
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    throw unfit('the credentials that its credential_process gave have expired');
  }
  return {
    accessKeyId: required('AccessKeyId'),
    secretAccessKey: required('SecretAccessKey'),
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(accountId !== undefined && { accountId }),
  };
}

function textFault(value: unknown): string | undefined {
  if (value === undefined) return 'is missing';
  if (typeof value !== 'string') return 'is no text';
  if (value === '') return 'is empty';
  return /\p{Cc}/u.test(value) ? 'holds a control character' : undefined;
}

/** AWS's "no" as an error of ours: what a person can do something about gets a code of its own. */
import { isStepupError, StepupError } from '../errors.ts';

export interface AwsRefusal {
  /** `GetSessionToken` and so on. */
  readonly operation: string;
  readonly awsCode: string;
  readonly status: number;
  readonly message: string;
  readonly host: string;
  readonly accessKeyId: string;
  /** The device that the request named. */
  readonly serialNumber?: string | undefined;
  /** When the answer came, by our clock and by the server's. */
  readonly nowMs: number;
  readonly serverTimeMs?: number | undefined;
}

/** AWS lets a signature's date be off by five minutes (IAM User Guide, SigV4 troubleshooting); some of it is the way. */
const TOLERATED_SKEW_SECONDS = 290;

const CODES_OF_SIGNATURES: ReadonlySet<string> = new Set([
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestTimeTooSkewed',
]);
const CODES_OF_UNKNOWN_KEYS: ReadonlySet<string> = new Set([
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'UnrecognizedClientException',
]);
const CODES_OF_ENDED_SESSIONS: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException']);

/** The error for a refusal. Pure: throws nothing, asks nothing. */
export function translateRefusal(refusal: AwsRefusal): StepupError {
  const { operation, awsCode, status, message, accessKeyId, host, serialNumber } = refusal;
  const aheadSeconds = clockDifference(refusal);
  if (CODES_OF_SIGNATURES.has(awsCode)) {
    const aboutTime = /^Signature (expired|not yet current)/.test(message) || awsCode.startsWith('RequestT');
    if (aheadSeconds !== undefined && (aboutTime || Math.abs(aheadSeconds) > TOLERATED_SKEW_SECONDS)) {
      return new StepupError('clock-wrong', { host, aheadSeconds });
    }
    // Scope errors ("Credential should be scoped to …") share the code, and aren't the secret's fault.
    const aboutSecret = /signature we calculated does not match/i.test(message);
    if (aboutSecret) return new StepupError('secret-wrong', { accessKeyId });
  }
  if (CODES_OF_UNKNOWN_KEYS.has(awsCode)) return new StepupError('key-unknown', { accessKeyId, message });
  if (CODES_OF_ENDED_SESSIONS.has(awsCode)) return new StepupError('session-expired', { accessKeyId });
  if (
    serialNumber !== undefined &&
    awsCode === 'AccessDenied' &&
    message.startsWith('MultiFactorAuthentication failed')
  ) {
    if (message.includes('invalid MFA one time pass code')) {
      return new StepupError('code-refused', { serialNumber, ...(aheadSeconds === undefined ? {} : { aheadSeconds }) });
    }
    if (message.includes('unable to validate MFA code')) return new StepupError('device-refused', { serialNumber });
  }
  return new StepupError('aws-refused', { operation, awsCode, status, message });
}

/** Whether this is AWS's "no" of this code, in none of the shapes that have a code of their own. */
export function isRefusal(error: unknown, awsCode: string): error is StepupError<'aws-refused'> {
  return isStepupError(error, 'aws-refused') && error.fields.awsCode === awsCode;
}

/** How far our clock is ahead of AWS's, by the Date header, else by the time that AWS's message names. */
function clockDifference({ message, nowMs, serverTimeMs }: AwsRefusal): number | undefined {
  const serverMs = serverTimeMs ?? timeInMessage(message);
  return serverMs === undefined ? undefined : Math.round((nowMs - serverMs) / 1000);
}

/** `Signature expired: … is now earlier than … (20260101T100000Z - 5 min.)`: the time in brackets is the server's. */
function timeInMessage(message: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /\((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z [+-] 5 min\.\)/.exec(message) ?? [];
  if (second === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

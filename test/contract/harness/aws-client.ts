/** What every real client looks like to a scenario: one operation in, its output or AWS's refusal out. */
import { secretsOfAnswer } from '../../support/made-secrets.ts';

export type ServiceName = 'iam' | 's3' | 'sts';

export interface ClientCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Members as AWS's service models name them. Times are ISO 8601 strings, blobs and bodies Buffers; policy documents
 * are as the client gives them (text still encoded, text, or an object).
 */
// biome-ignore lint/suspicious/noExplicitAny: the shape is the service model's, and tests read it by name
export type Output = Record<string, any>;

export interface ClientRefusal {
  readonly code: string;
  readonly message: string;
  /** The AWS CLI doesn't tell. */
  readonly status?: number;
}

export type Answer =
  | { readonly output: Output; readonly refusal?: undefined }
  | { readonly output?: undefined; readonly refusal: ClientRefusal };

/** The client is older than the operation. */
export class UnknownOperation extends Error {
  override readonly name = 'UnknownOperation';

  constructor(service: ServiceName, operation: string) {
    super(`the client has no ${service} ${operation}`);
  }
}

export interface AwsClient {
  readonly name: string;
  call(service: ServiceName, operation: string, input: Output, credentials: ClientCredentials): Promise<Answer>;
  close(): Promise<void>;
}

/** The output of a call that must succeed. */
export async function succeed(
  client: AwsClient,
  service: ServiceName,
  operation: string,
  input: Output,
  credentials: ClientCredentials,
): Promise<Output> {
  const answer = await client.call(service, operation, input, credentials);
  if (answer.refusal) {
    const { code, message } = answer.refusal;
    throw new Error(`${client.name}: ${service} ${operation} refused: ${code}: ${message}`);
  }
  secretsOfAnswer(answer.output);
  return answer.output;
}

/** The refusal of a call that must not succeed. */
export async function beRefused(
  client: AwsClient,
  service: ServiceName,
  operation: string,
  input: Output,
  credentials: ClientCredentials,
): Promise<ClientRefusal> {
  const answer = await client.call(service, operation, input, credentials);
  if (!answer.refusal) throw new Error(`${client.name}: ${service} ${operation} was not refused`);
  return answer.refusal;
}

/** The credentials of an answer's `Credentials` member. */
export function credentialsOf(output: Output): ClientCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken } = output['Credentials'];
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** A policy document as an object, whether the client left it encoded (the SDK for JavaScript), as text or read it. */
export function documentOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return JSON.parse(value.startsWith('%7B') ? decodeURIComponent(value) : value);
}

import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import {
  type Answer,
  type AwsClient,
  type ClientCredentials,
  type Output,
  type ServiceName,
  UnknownOperation,
} from './aws-client.ts';

type Operations = Record<string, (input: Output) => Promise<Output>>;

const services = { iam: IAM, s3: S3, sts: STS } as const;

/** The AWS SDK for JavaScript, one attempt a call. */
export function jsClient(endpoint: string, region = 'us-east-1'): AwsClient {
  const open = new Map<string, IAM | S3 | STS>();

  function serviceFor(service: ServiceName, credentials: ClientCredentials): IAM | S3 | STS {
    const key = `${service} ${credentials.accessKeyId} ${credentials.secretAccessKey} ${credentials.sessionToken}`;
    let client = open.get(key);
    if (client === undefined) {
      const settings = { endpoint, region, credentials, maxAttempts: 1 };
      client = service === 's3' ? new S3({ ...settings, forcePathStyle: true }) : new services[service](settings);
      open.set(key, client);
    }
    return client;
  }

  return {
    name: 'SDK for JavaScript',
    async call(service, operation, input, credentials): Promise<Answer> {
      const client = serviceFor(service, credentials) as unknown as Operations;
      const method = client[operation.charAt(0).toLowerCase() + operation.slice(1)];
      if (method === undefined) throw new UnknownOperation(service, operation);
      try {
        return { output: await plain(await method.call(client, input)) };
      } catch (error) {
        if (!isServiceError(error)) throw error;
        return {
          // The name is the SDK's; the code is what came over the wire, which a HEAD has none of.
          refusal: { code: error.Code ?? error.name, message: error.message, status: error.$metadata.httpStatusCode },
        };
      }
    },
    async close() {
      for (const client of open.values()) client.destroy();
    },
  };
}

interface ServiceError {
  readonly name: string;
  readonly Code?: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

function isServiceError(error: unknown): error is ServiceError {
  return (error as Partial<ServiceError>).$metadata?.httpStatusCode !== undefined;
}

async function plain(output: Output): Promise<Output> {
  const members: Output = {};
  for (const [name, value] of Object.entries(output)) {
    if (name !== '$metadata') members[name] = await plainValue(value);
  }
  return members;
}

async function plainValue(value: unknown): Promise<unknown> {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (isBodyStream(value)) return Buffer.from(await value.transformToByteArray());
  if (Array.isArray(value)) return Promise.all(value.map(plainValue));
  if (typeof value === 'object' && value !== null) return plain(value);
  return value;
}

function isBodyStream(value: unknown): value is { transformToByteArray(): Promise<Uint8Array> } {
  return typeof (value as { transformToByteArray?: unknown } | null)?.transformToByteArray === 'function';
}

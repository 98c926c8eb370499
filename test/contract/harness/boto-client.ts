import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type Answer,
  type AwsClient,
  type ClientCredentials,
  type Output,
  type ServiceName,
  UnknownOperation,
} from './aws-client.ts';
import type { Home } from './home.ts';
import type { Program } from './programs.ts';

const server = fileURLToPath(new URL('boto-server.py', import.meta.url));

interface Question {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Output;
  readonly credentials: ClientCredentials;
}

/** boto3 in one Python process for all calls, which it makes one after the other. */
export function botoClient(python: Program, endpoint: string, home: Home, region = 'us-east-1'): AwsClient {
  const child = spawn(python.path, [server, endpoint, region], { env: home.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();

  async function ask(question: Question): Promise<Answer> {
    child.stdin.write(`${JSON.stringify(question, blobsToText)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python.name} ended`);
    const answer = JSON.parse(value, textToBlobs) as Answer & { readonly failure?: string; readonly unknown?: true };
    if (answer.unknown) throw new UnknownOperation(question.service, question.operation);
    if (answer.failure) throw new Error(`${python.name}: ${answer.failure}`);
    return answer;
  }

  return {
    name: python.name,
    call(service, operation, input, credentials) {
      const answer = last.then(() => ask({ service, operation, input, credentials }));
      last = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

/** `JSON.stringify` has already called a Buffer's own `toJSON`. */
function blobsToText(_key: string, value: unknown): unknown {
  const buffer = value as { readonly type?: unknown; readonly data?: readonly number[] } | null;
  if (buffer?.type !== 'Buffer' || !Array.isArray(buffer.data)) return value;
  return { $blob: Buffer.from(buffer.data).toString('base64') };
}

function textToBlobs(_key: string, value: Output | null): unknown {
  const blob: unknown = value?.['$blob'];
  return typeof blob === 'string' ? Buffer.from(blob, 'base64') : value;
}

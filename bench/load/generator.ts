/**
 * A load generator: posts signed forms over a few connections that stay open, one request at a time on each. It speaks
 * HTTP by hand, since a client library would cost more than the server under test. Every request has a header of its
 * own, which is signed, so that no two signatures are the same.
 */
import { createHash, createHmac } from 'node:crypto';
import { connect } from 'node:net';
import type { LoadOrder, LoadReport, Target } from './message.ts';

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ answered: 0, seconds: 1, wrong: error.stack }),
  );
});

async function load({ target, connections, durationMs }: LoadOrder): Promise<LoadReport> {
  const begun = performance.now();
  const end = begun + durationMs;
  const clients = Array.from({ length: connections }, () => ask(target, end));
  const counts = await Promise.all(clients);
  const seconds = (performance.now() - begun) / 1000;
  const wrong = counts.find((count) => count.wrong !== undefined)?.wrong;
  const answered = counts.reduce((sum, count) => sum + count.answered, 0);
  return { answered, seconds, ...(wrong !== undefined && { wrong }) };
}

interface Count {
  readonly answered: number;
  readonly wrong?: string;
}

/** Asks again as soon as it is answered, until `end`; on the same connection, if the server keeps it. */
async function ask(target: Target, end: number): Promise<Count> {
  let answered = 0;
  do {
    const count = await askOnOneConnection(target, end);
    answered += count.answered;
    if (count.wrong !== undefined) return { answered, wrong: count.wrong };
  } while (performance.now() < end);
  return { answered };
}

function askOnOneConnection(target: Target, end: number): Promise<Count> {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let received = '';
    const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
    const finish = (count: Count) => {
      socket.destroy();
      resolve(count);
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const head = received.indexOf('\r\n\r\n');
      if (head === -1 || received.length < head + 4 + contentLength(received)) return;
      if (!received.includes(target.expected)) {
        finish({ answered, wrong: received });
        return;
      }
      answered++;
      const isKept = !received.includes('\r\nConnection: close\r\n');
      received = '';
      if (isKept && performance.now() < end) socket.write(nextRequest(target), 'latin1');
      else finish({ answered });
    });
    socket.on('close', () => reject(new Error('the server closed the connection without an answer')));
    socket.on('error', reject);
    socket.write(nextRequest(target), 'latin1');
  });
}

function contentLength(head: string): number {
  const at = head.search(/\r\ncontent-length: /i);
  return at === -1 ? 0 : Number.parseInt(head.slice(at + 18, at + 26), 10);
}

let counter = 0;

/** The request as an SDK sends it, signed now. */
function nextRequest({ port, keys, form }: Target): string {
  const invocation = (counter++).toString(36);
  const timestamp = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const scope = `${timestamp.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  const host = `127.0.0.1:${port}`;
  const signedHeaders = 'amz-sdk-invocation-id;content-type;host;x-amz-date';
  const canonical = `POST\n/\n\namz-sdk-invocation-id:${invocation}\ncontent-type:${type}\nhost:${host}\nx-amz-date:${timestamp}\n\n${signedHeaders}\n${sha256(form)}`;
  const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`;
  const signature = createHmac('sha256', signingKey(keys.secretAccessKey, scope)).update(stringToSign).digest('hex');
  return (
    `POST / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: aws-sdk-js/3.1000.0 ua/2.1 os/linux lang/js md/nodejs#20.20.2\r\n` +
    `Content-Type: ${type}\r\nX-Amz-Date: ${timestamp}\r\namz-sdk-invocation-id: ${invocation}\r\namz-sdk-request: attempt=1; max=3\r\n` +
    `Authorization: AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}\r\n` +
    `Content-Length: ${form.length}\r\nConnection: keep-alive\r\n\r\n${form}`
  );
}

const signingKeys = new Map<string, Buffer>();

/** As SDKs do, the key of the day is kept; each signature is made anew. */
function signingKey(secret: string, scope: string): Buffer {
  const name = `${secret} ${scope}`;
  let key = signingKeys.get(name);
  if (key === undefined) {
    key = scope
      .split('/')
      .reduce<Buffer>(
        (previous, part) => createHmac('sha256', previous).update(part).digest(),
        Buffer.from(`AWS4${secret}`),
      );
    signingKeys.set(name, key);
  }
  return key;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The floor: a bare `node:http` server that answers the bytes it is told. With `hashes` it also computes, for each
 * request, the three hashes that no verifier of SigV4 can do without (body, canonical request, signature), with the
 * key of the day at hand, and compares; nothing is parsed or decided.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Order {
  readonly hashes: boolean;
  /** What to answer a form that contains `has`. */
  readonly answers: readonly BareAnswer[];
}

export interface BareAnswer {
  readonly has: string;
  /** Name, value, name, value…, but for those that Node adds by itself. */
  readonly headers: readonly string[];
  readonly body: string;
}

const key = createHash('sha256').update('key of the day').digest();

process.on('message', ({ hashes, answers }: Order) => {
  if (answers === undefined) return;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Buffer.concat(chunks).toString();
      if (hashes) verify(request, form);
      const answer = answers.find(({ has }) => form.includes(has));
      response.writeHead(200, [...(answer?.headers ?? [])]);
      response.end(answer?.body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});

function verify({ headers }: IncomingMessage, form: string): boolean {
  const payload = createHash('sha256').update(form).digest('hex');
  const canonical = `POST\n/\n\ncontent-type:${headers['content-type']}\nhost:${headers.host}\nx-amz-date:${headers['x-amz-date']}\n\ncontent-type;host;x-amz-date\n${payload}`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${hash}`).digest();
  return timingSafeEqual(signature, Buffer.from(headers.authorization?.slice(-64) ?? '', 'hex'));
}

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { pipeline } from 'node:stream';
import { type Answer, headersWithLength, lengthOf } from './answer.ts';
import { readBody } from './body.ts';
import { admission, type LocalHandler, outcomeOf, tooLarge } from './handler.ts';
import { LoopbackRequest } from './request.ts';

/** Handles a request that `node:http` read: any that HTTP/1.1 allows. */
export async function handleNodeRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  handler: LocalHandler,
  port: number,
): Promise<void> {
  const { method = '', url = '', rawHeaders, socket } = incoming;
  const request = new LoopbackRequest(method, url, rawHeaders, socket);
  const admitted = admission(handler, request, port);
  if (typeof admitted !== 'number') {
    send(response, admitted);
    return;
  }
  const body = await readBody(incoming, admitted);
  if (body === 'client gone') return;
  if (body === 'too large') {
    const { status, headers, body: text } = tooLarge(handler, request);
    // The rest of the body isn't read, so the connection can't be used again.
    send(response, { status, headers: [...headers, 'Connection', 'close'], body: text });
    return;
  }
  const outcome = await outcomeOf(handler, request, body);
  if (outcome === 'cut') socket.destroy();
  else if (outcome !== 'hang') send(response, outcome);
}

function send(response: ServerResponse, answer: Answer): void {
  const { status, body } = answer;
  try {
    response.writeHead(status, [...headersWithLength(answer, lengthOf(body))]);
  } catch {
    // A header that Node refuses to write; it has taken the status by then.
    response.writeHead(500, STATUS_CODES[500], ['Content-Length', '0']).end();
    return;
  }
  if (typeof body === 'string') response.end(body);
  else if (body.stream === undefined) response.end();
  // A client that goes away ends the stream; there is nobody left to tell.
  else pipeline(body.stream, response, () => undefined);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { type Answer, headersWithLength, lengthOf, type Outcome } from './answer.ts';
import { type Body, takeBody } from './body.ts';
import { admission, type LocalHandler, outcomeOf, tooLarge } from './handler.ts';
import { LoopbackRequest } from './request.ts';
import { handleTogether, sendTogether } from './turn.ts';

/** Handles a request that `node:http` read: any that HTTP/1.1 allows. */
export function handleNodeRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  handler: LocalHandler,
  port: number,
): void {
  const { method = '', url = '', rawHeaders, socket } = incoming;
  const request = new LoopbackRequest(method, url, rawHeaders, socket);
  const admitted = admission(handler, request, port);
  if (typeof admitted !== 'number') {
    send(response, admitted);
    return;
  }
  takeBody(incoming, request.headers, admitted, (body) =>
    handleTogether(
      () => handle(request, body, response, handler),
      () => socket.destroy(),
    ),
  );
}

function handle(request: LoopbackRequest, body: Body, response: ServerResponse, handler: LocalHandler): void {
  if (body === 'too large') {
    const { status, headers, body: text } = tooLarge(handler, request);
    // The rest of the body isn't read, so the connection can't be used again.
    send(response, { status, headers: [...headers, 'Connection', 'close'], body: text });
    return;
  }
  const outcome = outcomeOf(handler, request, body);
  if (outcome instanceof Promise) void outcome.then((late) => settle(late, response));
  else settle(outcome, response);
}

function settle(outcome: Outcome, response: ServerResponse): void {
  // Not the response: bun ends one that is destroyed as an empty 200.
  if (outcome === 'cut') response.req.socket.destroy();
  else if (outcome !== 'hang') send(response, outcome);
}

function send(response: ServerResponse, answer: Answer): void {
  const { status, body } = answer;
  const lengthBytes = lengthOf(body);
  response.writeHead(status, [...headersWithLength(answer, lengthBytes)]);
  if (typeof body === 'string') {
    // With a text that has to be encoded Node would encode the headers too.
    const whole = lengthBytes === body.length ? body : Buffer.from(body);
    sendTogether(
      () => response.end(whole, 'latin1'),
      () => response.destroy(),
    );
  } else if (body.stream === undefined) response.end();
  // A client that goes away ends the stream; there is nobody left to tell.
  else pipeline(body.stream, response, () => undefined);
}

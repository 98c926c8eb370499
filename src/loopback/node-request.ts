import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { type Answer, headersWithLength, lengthOf, type Outcome } from './answer.ts';
import { type Body, takeBody } from './body.ts';
import { admission, type LocalHandler, outcomeOf, tellOfFailure, tooLarge } from './handler.ts';
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
    settle(admitted, response, handler);
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
    settle({ status, headers: [...headers, 'Connection', 'close'], body: text }, response, handler);
    return;
  }
  const outcome = outcomeOf(handler, request, body);
  if (outcome instanceof Promise) void outcome.then((late) => settle(late, response, handler));
  else settle(outcome, response, handler);
}

function settle(outcome: Outcome, response: ServerResponse, handler: LocalHandler): void {
  if (outcome === 'hang') return;
  // Not the response: bun ends one that is destroyed as an empty 200.
  const { socket } = response.req;
  const cutOff = () => void socket.destroy();
  try {
    // After the answers to those before it.
    if (outcome === 'cut') sendTogether(cutOff, cutOff);
    else send(response, outcome, handler, cutOff);
  } catch (error) {
    tellOfFailure(handler, error);
    cutOff();
  }
}

function send(response: ServerResponse, answer: Answer, handler: LocalHandler, cutOff: () => void): void {
  const { status, body } = answer;
  const lengthBytes = lengthOf(body);
  response.writeHead(status, [...headersWithLength(answer, lengthBytes)]);
  if (typeof body === 'string') {
    // With a text that has to be encoded Node would encode the headers too.
    const whole = lengthBytes === body.length ? body : Buffer.from(body);
    sendTogether(() => response.end(whole, 'latin1'), cutOff);
    return;
  }
  const { stream } = body;
  if (stream === undefined) {
    response.end();
    return;
  }
  // What was promised can't be given.
  stream.once('error', (error) => {
    cutOff();
    tellOfFailure(handler, error);
  });
  const { socket } = response.req;
  // A response that waits for those before it doesn't hear that its client went away.
  const onGone = () => void stream.destroy();
  socket.once('close', onGone);
  pipeline(stream, response, () => socket.off('close', onGone));
}

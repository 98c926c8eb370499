/** Ends a program at one of its requests to a sandbox in this process: before the sandbox reads it, or when it has done it and would answer. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

const CHANNEL = 'http.server.request.start';

export interface Killing {
  /** Whether the program got as far as this request. */
  readonly hasStruck: () => boolean;
  readonly stop: () => void;
}

/** @param at the request's number, from 1 on */
export function killAtRequest(port: number, at: number, moment: 'before' | 'after', kill: () => void): Killing {
  let count = 0;
  let hasStruck = false;
  const onRequest = (message: unknown): void => {
    const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
    if (request.socket.localPort !== port) return;
    count += 1;
    if (count !== at) return;
    hasStruck = true;
    if (moment === 'before') {
      kill();
      // Its body may have come with its head; nobody gets to read it.
      request.push = () => false;
      request.socket.destroy();
      return;
    }
    response.write = () => true;
    response.end = () => {
      kill();
      return response.destroy();
    };
  };
  subscribe(CHANNEL, onRequest);
  return { hasStruck: () => hasStruck, stop: () => void unsubscribe(CHANNEL, onRequest) };
}

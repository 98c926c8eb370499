/** Counts what reaches a server in this process: connections, and requests over them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface NetworkWatch {
  readonly connections: number;
  readonly requests: number;
  stop(): void;
}

/** @param port of the server; from now on */
export function watchNetwork(port: number): NetworkWatch {
  let connections = 0;
  let requests = 0;
  const onSocket = (message: unknown): void => {
    if ((message as { readonly socket: Socket }).socket.localPort === port) connections += 1;
  };
  const onRequest = (message: unknown): void => {
    if ((message as { readonly request: IncomingMessage }).request.socket.localPort === port) requests += 1;
  };
  subscribe('net.server.socket', onSocket);
  subscribe('http.server.request.start', onRequest);
  return {
    get connections() {
      return connections;
    },
    get requests() {
      return requests;
    },
    stop() {
      unsubscribe('net.server.socket', onSocket);
      unsubscribe('http.server.request.start', onRequest);
    },
  };
}

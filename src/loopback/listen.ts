import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StepupError } from '../errors.ts';
import { LoopbackRequest } from './request.ts';

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Takes no more requests, gives those under way a moment, then ends every connection. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** Answers a request; `port` is what the guard needs. What it throws is answered with a bare 500. */
  readonly handle: (request: LoopbackRequest, response: ServerResponse, port: number) => Promise<void> | void;
  /** How long requests under way may last once the server closes. */
  readonly graceMs?: number;
}

/** A client that dawdles over its headers, or over its whole request, is cut off. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 120_000;
const connectionsCheckingIntervalMs = 5_000;
/** Session tokens with policies and tags in them are long. */
const maxHeaderBytes = 64 * 1024;
/** Longer than clients keep idle connections, so that no request meets a closing socket; but nobody's idle ones stay for ever. */
const keepAliveTimeoutMs = 65_000;

/**
 * An HTTP server on 127.0.0.1, and only there.
 *
 * @throws StepupError `port-in-use`
 */
export function listenOnLoopback({ port, handle, graceMs = 1_000 }: LoopbackOptions): Promise<LoopbackServer> {
  let boundPort = port;
  const server = createServer(
    {
      IncomingMessage: LoopbackRequest,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionsCheckingIntervalMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    (request, response) => {
      try {
        handle(request, response, boundPort)?.catch(() => endInFailure(response));
      } catch {
        endInFailure(response);
      }
    },
  );
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      // A connection is idle only once its answer is out: look again until the last one is.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearInterval(sweep);
        clearTimeout(cutOff);
        resolve();
      });
    });

  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new StepupError('port-in-use', { port }, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      boundPort = (server.address() as AddressInfo).port;
      resolve({ port: boundPort, origin: `http://127.0.0.1:${boundPort}`, close });
    });
  });
}

/** A bare 500; where the answer has begun, its connection breaks off. */
export function endInFailure(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-length': 0 });
  response.end();
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StepupError } from '../errors.ts';
import type { LocalHandler } from './handler.ts';
import { handleNodeRequest } from './node-request.ts';
import { SimpleConnection } from './simple-connection.ts';

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
  readonly handler: LocalHandler;
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
export function listenOnLoopback({ port, handler, graceMs = 1_000 }: LoopbackOptions): Promise<LoopbackServer> {
  let boundPort = port;
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionsCheckingIntervalMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    (request, response) => handleNodeRequest(request, response, handler, boundPort),
  );
  const simple = readSimpleConnections(server, handler, () => boundPort);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      // A connection is idle only once its answer is out: look again until the last one is.
      for (const connection of simple) connection.end();
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const cutOff = setTimeout(() => {
        for (const connection of simple) connection.cutOff();
        server.closeAllConnections();
      }, graceMs);
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

/** Stands before Node's own listener, and calls it for what it leaves to Node. */
function readSimpleConnections(server: Server, handler: LocalHandler, port: () => number): Set<SimpleConnection> {
  const connections = new Set<SimpleConnection>();
  const [byNode, another] = server.listeners('connection');
  // bun's servers read their connections elsewhere.
  if (byNode === undefined || another !== undefined) return connections;
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    const connection = new SimpleConnection(socket, {
      handler,
      port,
      firstRequestMs: headersTimeoutMs,
      keepAliveMs: keepAliveTimeoutMs,
      handOver: () => {
        connections.delete(connection);
        byNode.call(server, socket);
      },
    });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  return connections;
}

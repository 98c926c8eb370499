/** Counts the calls that a sandbox in this process gets, by the bodies that its server reads. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const CHANNEL = 'http.server.request.start';

export interface ActionWatch {
  count(action: string): number;
  stop(): void;
}

/** @param onAction called with the name of each, as it comes */
export function watchActions(port: number, onAction: (action: string) => void = () => undefined): ActionWatch {
  const counts = new Map<string, number>();
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.socket.localPort !== port) return;
    const push = request.push.bind(request);
    request.push = (chunk: unknown, encoding?: BufferEncoding) => {
      const action = /(?:^|&)Action=(\w+)/.exec(chunk === null ? '' : String(chunk))?.[1];
      if (action !== undefined) {
        counts.set(action, (counts.get(action) ?? 0) + 1);
        onAction(action);
      }
      return push(chunk, encoding);
    };
  };
  subscribe(CHANNEL, onRequest);
  return { count: (action) => counts.get(action) ?? 0, stop: () => unsubscribe(CHANNEL, onRequest) };
}

import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { type LoopbackServer, listenOnLoopback } from './listen.ts';
import type { LocalHeaders } from './request.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

/** The headers as the handler reads them, and as Node would; and the whole answer. */
async function asked(lines: readonly string[]) {
  let headers: LocalHeaders | undefined;
  let byNode: IncomingMessage['headers'] = {};
  server = await listenOnLoopback({
    port: 0,
    handle: async (request, response) => {
      headers = request.headers;
      byNode = Reflect.get(IncomingMessage.prototype, 'headers', request);
      response.end();
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write([`GET / HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n'));
  return { answer: await text(socket), headers, byNode };
}

it('reads a header whatever the case of its name, and none that is not there', async () => {
  const { headers } = await asked(['hOST: here', 'Sec-Fetch-Site: cross-site', 'X-Host: there', 'Refereq: near']);
  expect(headers?.host).toBe('here');
  expect(headers?.['sec-fetch-site']).toBe('cross-site');
  expect(headers?.referer).toBeUndefined();
});

it('counts of several lines those that Node counts', async () => {
  const lines = [
    'Sec-Fetch-Dest',
    'Host',
    'Origin',
    'Referer',
    'User-Agent',
    'Authorization',
    'Sec-Fetch-Site',
    'Sec-Fetch-Mode',
  ];
  const { headers, byNode } = await asked(lines.flatMap((name) => [`${name}: 1`, `${name}: 2`]));
  expect(headers?.origin).toBe('1, 2');
  expect(headers?.host).toBe('1');
  for (const name of lines.map((line) => line.toLowerCase() as keyof LocalHeaders)) {
    expect([name, headers?.[name]]).toEqual([name, byNode[name]]);
  }
});

it('leaves to Node what Node asks of every request', async () => {
  expect((await asked([])).answer).toMatch(/^HTTP\/1\.1 400 /);
  await server?.close();
  expect((await asked(['Host: here', 'Expect: 100-continue'])).answer).toMatch(/^HTTP\/1\.1 100 Continue/);
});

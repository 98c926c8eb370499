import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { type LoopbackServer, listenOnLoopback } from './listen.ts';
import type { LocalHeaders } from './request.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

/** The headers as the handler reads them, and the whole answer. */
async function asked(lines: readonly string[]): Promise<{ headers: LocalHeaders | undefined; answer: string }> {
  let headers: LocalHeaders | undefined;
  server = await listenOnLoopback({
    port: 0,
    handle: async (request, response) => {
      headers = request.headers;
      response.end();
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write([`GET / HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n'));
  return { answer: await text(socket), headers };
}

it('reads a header whatever the case of its name, and none that is not there', async () => {
  const { headers } = await asked(['hOST: here', 'Sec-Fetch-Site: cross-site', 'X-Host: there', 'Refereq: near']);
  expect(headers?.host).toBe('here');
  expect(headers?.['sec-fetch-site']).toBe('cross-site');
  expect(headers?.referer).toBeUndefined();
});

it('joins what stands on several lines, so that no second one is overlooked', async () => {
  const { headers } = await asked(['Host: here', 'Origin: http://here', 'origin: http://evil', 'Host: evil']);
  expect(headers?.origin).toBe('http://here, http://evil');
  expect(headers?.host).toBe('here, evil');
});

it('leaves to Node what Node asks of every request', async () => {
  expect((await asked([])).answer).toMatch(/^HTTP\/1\.1 400 /);
  await server?.close();
  expect((await asked(['Host: here', 'Expect: 100-continue'])).answer).toMatch(/^HTTP\/1\.1 100 Continue/);
});

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { headersIn, type LocalHeaders } from './headers.ts';

it('reads a header whatever the case of its name, and none that is not there', () => {
  const headers = headersIn(['hOST', 'here', 'Sec-Fetch-Site', 'cross-site', 'X-Host', 'there', 'Refereq', 'near']);
  expect(headers.host).toBe('here');
  expect(headers['sec-fetch-site']).toBe('cross-site');
  expect(headers.referer).toBeUndefined();
});

it('counts of several lines those that Node counts', async () => {
  const names = [
    'Sec-Fetch-Dest',
    'Host',
    'Origin',
    'Referer',
    'User-Agent',
    'Authorization',
    'Sec-Fetch-Site',
    'Sec-Fetch-Mode',
  ];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write(['GET / HTTP/1.1', ...names.flatMap((name) => [`${name}: 1`, `${name}: 2`]), '', ''].join('\r\n'));
  const [byNode] = (await once(server, 'request')) as [IncomingMessage];
  const headers = headersIn(byNode.rawHeaders);
  client.destroy();
  server.close();
  expect(headers.origin).toBe('1, 2');
  expect(headers.host).toBe('1');
  for (const name of names.map((line) => line.toLowerCase() as keyof LocalHeaders)) {
    expect([name, headers[name]]).toEqual([name, byNode.headers[name]]);
  }
});

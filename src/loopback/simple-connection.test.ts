import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Outcome } from './answer.ts';
import type { LocalHandler } from './handler.ts';
import { SimpleConnection } from './simple-connection.ts';

let server: Server | undefined;
afterEach(() => server?.close());

interface Served {
  readonly client: Socket;
  /** The server's end. */
  readonly socket: Socket;
  readonly connection: SimpleConnection;
  /** What the one who reads all of HTTP got, if it was handed the connection. */
  readonly elsewhere: () => string | undefined;
}

async function serve(
  answer: LocalHandler['answer'],
  { firstRequestMs = 5_000, keepAliveMs = 5_000 } = {},
): Promise<Served> {
  let elsewhere: string | undefined;
  let connection: SimpleConnection | undefined;
  let ownSocket: Socket | undefined;
  server = createServer({ allowHalfOpen: true }, (socket) => {
    ownSocket = socket;
    const listeners = listenersOf(socket);
    connection = new SimpleConnection(socket, {
      handler: { admit: () => 1_000, answer },
      port: () => 0,
      firstRequestMs,
      keepAliveMs,
      handOver() {
        elsewhere = '';
        expect(listenersOf(socket)).toEqual(listeners);
        socket.on('data', (bytes) => {
          elsewhere += bytes.toString();
        });
        socket.on('end', () => socket.end());
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  await once(client, 'connect');
  await expect.poll(() => connection).toBeDefined();
  return { client, connection: connection!, socket: ownSocket!, elsewhere: () => elsewhere };
}

function listenersOf(socket: Socket): readonly number[] {
  return ['data', 'end', 'close', 'error', 'timeout', 'drain', 'finish', 'unpipe'].map((name) =>
    socket.listenerCount(name),
  );
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const echo: LocalHandler['answer'] = ({ target }) => ({ status: 200, headers: [], body: `<${target}>` });
const bodies = (answers: string) => answers.match(/<[^>]*>/g)?.join('');

it('answers simple requests, one after the other', async () => {
  const { client, elsewhere } = await serve(echo);
  for (const path of ['/1', '/2', '/3']) {
    client.write(get(path));
    expect(bodies(String(await once(client, 'data')))).toBe(`<${path}>`);
  }
  client.end();
  await once(client, 'close');
  expect(elsewhere()).toBeUndefined();
});

it('hands over the first that is not simple, whole, and all that comes after it', async () => {
  const { client, elsewhere } = await serve(echo);
  client.write(get('/1'));
  expect(bodies(String(await once(client, 'data')))).toBe('</1>');
  client.write('GET /2 HT');
  await pause(20);
  client.write('TP/1.1\r\n');
  client.end(get('/3'));
  await once(client, 'close');
  expect(elsewhere()).toBe(`GET /2 HTTP/1.1\r\n${get('/3')}`);
});

it('hands over two in one piece', async () => {
  const { client, elsewhere } = await serve(echo);
  client.end(get('/1') + get('/2'));
  await once(client, 'close');
  expect(elsewhere()).toBe(get('/1') + get('/2'));
});

it('hands over what somebody watches for whom only Node tells', async () => {
  const watch = () => undefined;
  const { client, elsewhere } = await serve(echo);
  client.write(get('/1'));
  await once(client, 'data');
  subscribe('http.server.request.start', watch);
  client.end(get('/2'));
  await once(client, 'close');
  unsubscribe('http.server.request.start', watch);
  expect(elsewhere()).toBe(get('/2'));
});

it.each([
  ['simple', get('/3'), '</1></2></3>', undefined],
  ['not', 'GET /3 HTTP', '</1></2>', 'GET /3 HTTP'],
])('keeps the order of a client that does not wait, whose last request is %s', async (_, last, answered, left) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { client, elsewhere } = await serve(async (request, body) => {
    await released;
    return echo(request, body);
  });
  const answers = text(client);
  for (const piece of [get('/1'), get('/2'), last]) {
    client.write(piece);
    await pause(20);
  }
  client.end();
  release();
  expect(bodies(await answers)).toBe(answered);
  expect(elsewhere()).toBe(left);
});

it('answers a client that ends with its request', async () => {
  const { client } = await serve(async (request, body) => {
    await pause(20);
    return echo(request, body);
  });
  const answers = text(client);
  client.end(get('/1'));
  expect(await answers).toMatch(/\r\nConnection: close\r\n\r\n<\/1>$/);
});

it('has no answer for a client that is gone by then', async () => {
  let answered = 0;
  const { client, connection } = await serve(async (request, body) => {
    await pause(50);
    answered += 1;
    return echo(request, body);
  });
  client.write(get('/1'));
  await pause(20);
  client.resetAndDestroy();
  await expect.poll(() => answered).toBe(1);
  connection.end();
});

it('handles no more requests of a client that does not read its answers', async () => {
  let handled = 0;
  const { client, connection, socket } = await serve(() => {
    handled += 1;
    return { status: 200, headers: [], body: 'x'.repeat(1_000_000) };
  });
  const listeners = listenersOf(socket);
  client.pause();
  for (let round = 0; round < 40; round++) {
    client.write(get('/'));
    await pause(2);
  }
  expect(handled).toBeLessThan(30);
  // And goes on with it once it does.
  client.resume();
  await expect.poll(() => handled, { timeout: 10_000 }).toBe(40);
  await expect.poll(() => socket.writableLength, { timeout: 10_000 }).toBe(0);
  // But for the one that set the time for further requests.
  expect(listenersOf(socket)).toEqual(listeners.with(0, 1));
  connection.cutOff();
});

it('lets an idle connection go after a while, and no busy one', async () => {
  const silent = await serve(echo, { firstRequestMs: 50 });
  await once(silent.client.resume(), 'close');
  server?.close();
  const slow: LocalHandler['answer'] = async (request, body) => {
    await pause(request.target === '/slow' ? 1_200 : 0);
    return echo(request, body);
  };
  const { client } = await serve(slow, { firstRequestMs: 200, keepAliveMs: 10 });
  const begun = performance.now();
  const answers = text(client);
  client.write(get('/slow'));
  await once(client, 'data');
  // Longer than the first may take to come, and less than a second more than is told.
  await pause(400);
  client.write(get('/1'));
  expect(bodies(await answers)).toBe('</slow></1>');
  expect(performance.now() - begun).toBeGreaterThan(2_400);
});

it('lets go of a client that does not even read what was written', async () => {
  const { client, socket } = await serve(() => ({ status: 200, headers: [], body: 'x'.repeat(20_000_000) }), {
    keepAliveMs: 10,
  });
  client.pause();
  client.write(get('/'));
  await once(socket, 'close');
  client.destroy();
});

it('is no longer timed here when it is handed over', async () => {
  const { client, socket, elsewhere } = await serve(echo, { firstRequestMs: 200, keepAliveMs: 0 });
  client.write('GET');
  await expect.poll(elsewhere).toBe('GET');
  expect(socket.timeout).toBe(0);
  client.destroy();
});

it('is let go of when its client ends, though it will have no answer', async () => {
  for (const requests of [[get('/')], [get('/'), get('/')]]) {
    const { client, socket } = await serve(async (): Promise<Outcome> => {
      await pause(50);
      return 'hang';
    });
    const closed = once(socket, 'close');
    for (const request of requests) {
      client.write(request);
      await pause(20);
    }
    client.end();
    await closed;
    server?.close();
  }
  const { client, socket } = await serve(() => 'hang');
  const closed = once(socket, 'close');
  client.end(get('/'));
  await closed;
});

it('answers by many streams, and leaves nothing at the connection', async () => {
  const { client, socket } = await serve(async ({ target }) => ({
    status: 200,
    headers: [],
    body: { length: target.length + 2, stream: Readable.from(['<', target, '>']) },
  }));
  let listeners: readonly number[] = [];
  for (let round = 0; round < 30; round++) {
    client.write(get(`/${round}`));
    let answer = '';
    while (bodies(answer) === undefined) answer += String(await once(client, 'data'));
    expect(bodies(answer)).toBe(`</${round}>`);
    await pause(1);
    if (round === 0) listeners = listenersOf(socket);
  }
  expect(listenersOf(socket)).toEqual(listeners);
  client.destroy();
});

it('lets go of the stream of an answer that nobody gets', async () => {
  const streams: Readable[] = [];
  const late: LocalHandler['answer'] = async ({ target }) => {
    const stream = new Readable({ read: () => undefined });
    streams.push(stream);
    await pause(target === '/late' ? 50 : 0);
    if (target === '/odd') return { status: 99, headers: [], body: { length: 1, stream } };
    return { status: target === '/none' ? 204 : 200, headers: [], body: { length: 1, stream } };
  };
  for (const path of ['/late', '/odd', '/none', '/under-way']) {
    const { client } = await serve(late);
    client.write(get(path));
    await expect.poll(() => streams).toHaveLength(1);
    if (path === '/under-way') await once(client, 'data');
    if (path !== '/odd' && path !== '/none') client.resetAndDestroy();
    await expect.poll(() => streams[0]?.destroyed).toBe(true);
    client.destroy();
    streams.length = 0;
    server?.close();
  }
});

it('handles nothing after its last answer, or after there will be none', async () => {
  let handled = 0;
  const { client, connection, socket } = await serve(() => {
    handled += 1;
    return { status: 200, headers: [], body: 'x'.repeat(20_000_000) };
  });
  client.pause();
  client.write(get('/'));
  await expect.poll(() => handled).toBe(1);
  await pause(20);
  connection.end();
  // As if it had come before the pause.
  socket.emit('data', Buffer.from(get('/')));
  await pause(20);
  const answer = await text(client);
  expect(answer.split('\r\n\r\n').map(({ length }) => length)).toEqual([expect.any(Number), 20_000_000]);
  expect(handled).toBe(1);
  server?.close();
  const hanging = await serve(() => {
    handled += 1;
    return 'hang';
  });
  for (const path of ['/1', '/2', '/3']) {
    hanging.client.write(get(path));
    await pause(20);
  }
  expect(handled).toBe(2);
  hanging.client.destroy();
});

it('lets go of a client that stops reading a stream', async () => {
  const stream = new Readable({ read: (size) => void stream.push(Buffer.alloc(size)) });
  const body = { length: 1_000_000_000, stream };
  const { client, socket } = await serve(() => ({ status: 200, headers: [], body }), { keepAliveMs: 10 });
  client.pause();
  client.write(get('/'));
  await once(socket, 'close');
  expect(stream.destroyed).toBe(true);
  client.destroy();
});

it('ends at once if it is idle, and else with its answer', async () => {
  const idle = await serve(echo);
  idle.connection.end();
  await once(idle.client.resume(), 'close');
  server?.close();
  const busy = await serve(async (request, body) => {
    await pause(50);
    return echo(request, body);
  });
  busy.client.write(get('/1'));
  await pause(20);
  busy.connection.end();
  expect(await text(busy.client)).toMatch(/\r\nConnection: close\r\n\r\n<\/1>$/);
});

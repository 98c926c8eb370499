import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { BodyTooLarge, ClientGone, takeBody } from './body.ts';
import { type LoopbackOptions, type LoopbackServer, listenOnLoopback } from './listen.ts';

const servers: LoopbackServer[] = [];

function signal() {
  let raise = (): void => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raise, raised };
}

async function listen(handle: LoopbackOptions['handle'], graceMs?: number) {
  const server = await listenOnLoopback({ port: 0, handle, ...(graceMs === undefined ? {} : { graceMs }) });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Sends raw bytes and gives all that comes back until the server closes or `untilMs` passes. */
function raw(port: number, bytes: string, untilMs = 300, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(bytes));
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), untilMs);
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

describe('a loopback server', () => {
  it('listens on 127.0.0.1 and no other address', async () => {
    const server = await listen(async (_request, response) => void response.end('here'));
    expect(await (await fetch(server.origin)).text()).toBe('here');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside) await expect(raw(server.port, 'GET / HTTP/1.1\r\n\r\n', 300, outside.address)).rejects.toThrow();
  });

  it('says which port is taken', async () => {
    const server = await listen(async (_request, response) => void response.end());
    const second = listenOnLoopback({ port: server.port, handle: async () => {} });
    await expect(second).rejects.toSatisfy(
      (error) => isStepupError(error, 'port-in-use') && error.fields.port === server.port,
    );
  });

  it.each([
    ['rejects', async () => Promise.reject(new Error('a secret'))],
    [
      'throws',
      () => {
        throw new Error('a secret');
      },
    ],
  ])('answers a bare 500 when the handler %s, and goes on', async (_, fail) => {
    const server = await listen((request, response) => {
      if (request.url === '/fails') return fail();
      response.end('fine');
      return undefined;
    });
    const failed = await fetch(`${server.origin}/fails`);
    expect(failed.status).toBe(500);
    expect(await failed.text()).toBe('');
    expect(await (await fetch(server.origin)).text()).toBe('fine');
  });

  it('answers 400 to what is not HTTP', async () => {
    const server = await listen(async (_request, response) => void response.end());
    expect(await raw(server.port, 'good morning\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('closes at once though connections are kept alive, and lets what is under way end', async () => {
    const arrived = signal();
    const released = signal();
    const server = await listen(async (_request, response) => {
      arrived.raise();
      await released.raised;
      response.end('done');
    });
    const answer = fetch(server.origin).then((response) => response.text());
    await arrived.raised;
    const begun = performance.now();
    const closed = server.close();
    released.raise();
    expect(await answer).toBe('done');
    await closed;
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('cuts off what does not end within its grace', async () => {
    const server = await listen(() => new Promise(() => {}), 50);
    const answer = fetch(server.origin).catch(() => 'cut off');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await answer).toBe('cut off');
  });
});

describe('the body of a request', () => {
  const requests: WeakRef<object>[] = [];
  setFlagsFromString('--expose-gc');
  const runGarbageCollection: () => void = runInNewContext('gc');

  async function bodyServer(limit: number) {
    const outcomes: unknown[] = [];
    requests.length = 0;
    const server = await listen((request, response) => {
      requests.push(new WeakRef(request));
      takeBody(request, limit, (body, problem) => {
        outcomes.push(body ?? problem);
        response.end(body ?? problem?.name);
      });
    });
    return { server, outcomes };
  }

  it('is read whole, in one chunk or many, or not there', async () => {
    const { server } = await bodyServer(1_000_000);
    const long = 'x'.repeat(700_000);
    for (const body of ['', 'short', long]) {
      expect(await (await fetch(server.origin, { method: 'POST', body })).text()).toBe(body);
    }
    expect(await (await fetch(server.origin)).text()).toBe('');
    const length = (bytes: number) => `PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`;
    const two = await raw(server.port, `${length(0)}${length(5)}hello`);
    expect(two.split('HTTP/1.1 200').map((answer) => answer.endsWith('hello'))).toEqual([false, false, true]);
  });

  it('may not be longer than the limit, declared or not', async () => {
    const { server, outcomes } = await bodyServer(10);
    const declared = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nConnection: close\r\n\r\n';
    expect(await raw(server.port, declared)).toContain('BodyTooLarge');
    expect(await raw(server.port, `${declared.replace('11', '10')}0123456789`)).toContain('0123456789');
    const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    expect(await raw(server.port, `${chunked}b\r\n01234567890\r\n`)).toContain('BodyTooLarge');
    // Told once, though more of it comes.
    expect(await raw(server.port, `${chunked}b\r\n01234567890\r\n5\r\n01234\r\n0\r\n\r\n`)).toContain('BodyTooLarge');
    const tooLarge = expect.any(BodyTooLarge);
    expect(outcomes).toEqual([tooLarge, Buffer.from('0123456789'), tooLarge, tooLarge]);
    expect(await raw(server.port, `${chunked}a\r\n0123456789\r\n0\r\n\r\n`)).toContain('0123456789');
  });

  it('is let go of with its request once that is answered, though the connection stays', async () => {
    const { server } = await bodyServer(10);
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(server.port, '127.0.0.1');
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc');
        await once(socket, 'data');
        return socket;
      }),
    );
    expect(requests).toHaveLength(20);
    await expect
      .poll(() => {
        runGarbageCollection();
        return requests.filter((request) => request.deref() !== undefined);
      })
      .toEqual([]);
    for (const socket of sockets) socket.destroy();
  });

  it('ends with its client', async () => {
    const { server, outcomes } = await bodyServer(10);
    await raw(server.port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc', 50);
    await expect.poll(() => outcomes).toEqual([expect.any(ClientGone)]);
  });
});

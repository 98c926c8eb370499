import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { offerOnce } from './one-shot.ts';

const target = new URL('https://signin.aws.amazon.com/federation?Action=login&SigninToken=secret');
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { redirect: 'manual', headers });

it('redirects the first fetch and refuses the second, and says that there was one', async () => {
  const offer = await offerOnce({ target, watchMs: 200 });
  expect(offer.url).not.toContain('secret');
  const first = await get(offer.url);
  expect([first.status, first.headers.get('location'), first.headers.get('cache-control')]).toEqual([
    302,
    target.href,
    'no-store',
  ]);
  expect((await get(offer.url)).status).toBe(410);
  expect(await offer.ended).toEqual({ type: 'fetched', fetchedTwice: true });
  await expect(get(offer.url)).rejects.toThrow();
});

it('ends by itself when one browser fetched it', async () => {
  const offer = await offerOnce({ target, watchMs: 50 });
  await get(offer.url);
  expect(await offer.ended).toEqual({ type: 'fetched', fetchedTwice: false });
});

it('dies of age', async () => {
  const offer = await offerOnce({ target, lifetimeMs: 50 });
  expect(await offer.ended).toEqual({ type: 'unused' });
});

it('gives nothing to a wrong nonce, a page, or another method, and none of them uses it up', async () => {
  const offer = await offerOnce({ target, watchMs: 50 });
  const wrong = new URL(offer.url);
  wrong.pathname = `${wrong.pathname.slice(0, -1)}${wrong.pathname.endsWith('_') ? '-' : '_'}`;
  expect((await get(wrong.href)).status).toBe(404);
  expect((await get(offer.url, { origin: 'https://evil.example' })).status).toBe(404);
  expect((await fetch(offer.url, { method: 'POST' })).status).toBe(404);
  expect((await get(offer.url)).status).toBe(302);
  expect(await offer.ended).toEqual({ type: 'fetched', fetchedTwice: false });
});

it('counts a fetch that has a body', async () => {
  const offer = await offerOnce({ target, watchMs: 500 });
  const { pathname, port } = new URL(offer.url);
  const odd = (length: number) => {
    const client = connect(Number(port), '127.0.0.1');
    client.write(
      `GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`,
    );
    client.write('x'.repeat(length));
    return text(client);
  };
  expect(await odd(3)).toMatch(/^HTTP\/1\.1 302 /);
  expect(await odd(5_000)).toMatch(/^HTTP\/1\.1 410 /);
  expect(await offer.ended).toEqual({ type: 'fetched', fetchedTwice: true });
});

it('gives nothing to a fetch that is whole only when nobody waits for it any more', async () => {
  const offer = await offerOnce({ target, lifetimeMs: 300 });
  const { pathname, port } = new URL(offer.url);
  const client = connect(Number(port), '127.0.0.1');
  client.on('error', () => undefined);
  client.write(`GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1\r\n\r\n`);
  const answer = text(client).catch(() => '');
  // The server is closing by then, and gives what is under way a moment.
  await new Promise((resolve) => setTimeout(resolve, 350));
  client.write('x');
  expect(await answer).not.toContain('secret');
  expect(await offer.ended).toEqual({ type: 'unused' });
});

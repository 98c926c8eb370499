import { describe, expect, it } from 'vitest';
import { type LocalAudience, refuseForeignRequest } from './guard.ts';

const port = 4750;
const host = `127.0.0.1:${port}`;
const navigation = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };

function verdict(
  headers: Record<string, string>,
  { method = 'GET', target = '/', audience }: { method?: string; target?: string; audience?: LocalAudience } = {},
) {
  return refuseForeignRequest({ method, target, headers }, port, audience) === undefined ? 'served' : 'refused';
}

describe('the Host of a local request', () => {
  it.each([host, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])('%s is served', (name) => {
    expect(verdict({ host: name })).toBe('served');
  });

  it.each([
    '127.0.0.1',
    '127.0.0.1:80',
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `bucket.localhost:${port}`,
    `0.0.0.0:${port}`,
    `[::1]`,
    `127.0.0.1:0${port}`,
    '',
  ])('%s is refused', (name) => {
    expect(verdict({ host: name })).toBe('refused');
  });

  it('may leave out port 80, and only that', () => {
    expect(refuseForeignRequest({ method: 'GET', target: '/', headers: { host: 'localhost' } }, 80)).toBeUndefined();
    expect(refuseForeignRequest({ method: 'GET', target: '/', headers: {} }, 80)).toBeDefined();
  });
});

describe('the origin of a local request', () => {
  it('is refused when a page made it', () => {
    expect(verdict({ host, origin: 'https://evil.example' })).toBe('refused');
    expect(verdict({ host, origin: 'null' })).toBe('refused');
    expect(verdict({ host, 'sec-fetch-site': 'cross-site' })).toBe('refused');
    expect(verdict({ host, 'sec-fetch-site': 'none' })).toBe('refused');
    expect(verdict({ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, { method: 'POST' })).toBe(
      'refused',
    );
  });

  it("is no matter for Node's fetch, which sends Sec-Fetch-Mode alone", () => {
    expect(verdict({ host, 'sec-fetch-mode': 'cors' }, { method: 'POST' })).toBe('served');
  });

  it('may be a top-level navigation where pages are served', () => {
    expect(verdict(navigation, { audience: 'page' })).toBe('served');
    expect(verdict(navigation)).toBe('refused');
    expect(verdict(navigation, { audience: 'page', method: 'POST' })).toBe('refused');
    expect(verdict({ ...navigation, 'sec-fetch-dest': 'iframe' }, { audience: 'page' })).toBe('refused');
    expect(verdict({ ...navigation, 'sec-fetch-mode': 'no-cors' }, { audience: 'page' })).toBe('refused');
    expect(verdict({ ...navigation, origin: 'https://evil.example' }, { audience: 'page' })).toBe('refused');
  });

  it("may be a form's own page where forms are served", () => {
    const form = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect(verdict(form, { audience: 'form', method: 'POST' })).toBe('served');
    expect(verdict({ host, origin: `http://${host}` }, { audience: 'form', method: 'POST' })).toBe('served');
    expect(verdict(form, { audience: 'page', method: 'POST' })).toBe('refused');
    expect(verdict({ ...form, origin: 'http://localhost:1' }, { audience: 'form', method: 'POST' })).toBe('refused');
    expect(verdict({ ...form, 'sec-fetch-site': 'same-site' }, { audience: 'form', method: 'POST' })).toBe('refused');
    expect(verdict(form, { audience: 'form' })).toBe('refused');
  });
});

it('refuses a target that is not a path', () => {
  expect(verdict({ host }, { target: `http://${host}/` })).toBe('refused');
  expect(verdict({ host }, { target: '*', method: 'OPTIONS' })).toBe('refused');
});

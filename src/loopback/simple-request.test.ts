import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSimpleRequest } from './simple-request.ts';

const read = (text: string) => readSimpleRequest(Buffer.from(text, 'latin1'));

const signed = [
  'POST /?a=b HTTP/1.1',
  'Host: 127.0.0.1:4000',
  'User-Agent: aws-sdk-js/3.1000.0 ua/2.1 (a; b) "c"',
  'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
  'Content-Length: 7',
  'amz-sdk-invocation-id: 1-2',
  'Authorization: AWS4-HMAC-SHA256 Credential=A/B, SignedHeaders=a;b, Signature=c',
  'Connection: keep-alive',
  '',
  'a=b&c=d',
].join('\r\n');

it('reads what SDKs send', () => {
  const request = read(signed);
  expect(request).toMatchObject({ method: 'POST', target: '/?a=b' });
  expect(request?.rawHeaders.slice(0, 4)).toEqual([
    'Host',
    '127.0.0.1:4000',
    'User-Agent',
    'aws-sdk-js/3.1000.0 ua/2.1 (a; b) "c"',
  ]);
  expect(request?.rawHeaders).toHaveLength(14);
  expect(request?.body.toString()).toBe('a=b&c=d');
});

it.each(['GET', 'PUT', 'DELETE'])('reads a %s without a body', (method) => {
  expect(read(`${method} / HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatchObject({ method, target: '/', body: Buffer.alloc(0) });
});

const line = (text: string) => signed.replace('Connection: keep-alive', text);
describe('leaves to a parser of all of HTTP', () => {
  it.each([
    ['part of a head', signed.slice(0, 40)],
    ['part of a body', signed.slice(0, -1)],
    ['more than one request', signed + signed],
    ['more than its body', `${signed}x`],
    ['nothing', ''],
    ['an empty line before it', `\r\n${signed}`],
    ['another method', signed.replace('POST', 'HEAD')],
    ['a method in lower case', signed.replace('POST', 'post')],
    ['another version', signed.replace('HTTP/1.1', 'HTTP/1.0')],
    ['a whole URL', signed.replace('/?a=b', 'http://x/')],
    ['an asterisk', signed.replace('/?a=b', '*')],
    ['a blank in the target', signed.replace('/?a=b', '/a b')],
    ['a target that is not ASCII', signed.replace('/?a=b', '/\xe9')],
    ['no Host', signed.replace('Host', 'Hose')],
    ['two Hosts', line('hOST: y')],
    ['two lengths', line('content-length: 7')],
    ['a length that is none', signed.replace('Length: 7', 'Length: +7')],
    ['a length in sixteens', signed.replace('Length: 7', 'Length: 0x7')],
    ['two lengths in one line', signed.replace('Length: 7', 'Length: 7, 7')],
    ['chunks', line('transfer-encoding: chunked')],
    ['chunks, and a length', line('Transfer-Encoding: identity')],
    ['a wish to be confirmed', line('Expect: 100-continue')],
    ['another protocol', line('Upgrade: h2c')],
    ['a connection that is to end', line('connection: close')],
    ["a proxy's that is to end", line('Proxy-Connection: close')],
    ['a connection with more to it', line('Connection: keep-alive, upgrade')],
    ['a header without a value', line('X-Empty: ')],
    ['a header without a blank', line('X-Tight:a')],
    ['a header with two', line('X-Wide:  a')],
    ['a header with one behind', line('X-Behind: a ')],
    ['a tab', line('X-Tab: a\tb')],
    ['a blank before the colon', line('X-Before : a')],
    ['a folded line', line('X-Folded: a\r\n b')],
    ['a line without a colon', line('X-Nothing')],
    ['a header without a name', line(': a')],
    ['a value that is not ASCII', line('X-High: \xe9')],
    ['a zero', line('X-Zero: a\0b')],
    ['a bare line feed', line('X-Feed: a\nX-Other: b')],
    ['a bare carriage return', line('X-Return: a\rX-Other: b')],
    ['line feeds alone', signed.replaceAll('\r\n', '\n')],
  ])('%s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('beside Node', () => {
  interface Reading {
    readonly method: string | undefined;
    readonly target: string | undefined;
    readonly rawHeaders: readonly string[];
    readonly body: string;
  }

  let seen: Reading[] = [];
  const byNode = createServer(async (request, response) => {
    const { method, url: target, rawHeaders } = request;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    seen.push({ method, target, rawHeaders, body: Buffer.concat(pieces).toString('latin1') });
    response.end();
  });
  beforeAll(async () => {
    await once(byNode.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void byNode.close());

  async function readByNode(text: string): Promise<readonly Reading[]> {
    seen = [];
    const client = connect((byNode.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write(text, 'latin1');
    // Its answer, a refusal, or, of what isn't whole, nothing.
    await Promise.race([
      once(client, 'data').catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 5_000)),
    ]);
    client.destroy();
    return seen;
  }

  /** Numbers that look random and are the same in each run (a linear congruential generator). */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  const odd = [
    '\r',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '  ',
    ':',
    '\0',
    '\xa0',
    '\xff',
    '\x7f',
    ',',
    ';',
    '/',
    'x',
    '0',
    '7',
    '"',
  ];
  const lines = [
    'Host: y',
    'Content-Length: 7',
    'Expect: x',
    'Upgrade: x',
    'Connection: x',
    'Transfer-Encoding: x',
    'TE: x',
  ];

  /** The request with one to three places changed. */
  function mutant(below: (limit: number) => number): string {
    let text = signed;
    for (let change = below(3); change >= 0; change--) {
      const at = below(text.length);
      const kind = below(4);
      const piece = kind === 3 ? `\r\n${lines[below(lines.length)]}` : (odd[below(odd.length)] ?? '');
      const place = kind === 3 ? text.indexOf('\r\n', at % 300) : at;
      const dropped = kind === 0 ? 0 : kind === 1 ? 1 : kind === 2 ? below(4) : 0;
      text = text.slice(0, place) + (kind === 2 ? '' : piece) + text.slice(place + dropped);
    }
    return text;
  }

  it('reads what it reads as Node does', async () => {
    const below = numbers(20_261_126);
    let simple = 0;
    for (let round = 0; round < 3_000; round++) {
      const text = mutant(below);
      const request = read(text);
      if (request === undefined) continue;
      simple += 1;
      const { method, target, rawHeaders, body } = request;
      expect(await readByNode(text), JSON.stringify(text)).toEqual([
        { method, target, rawHeaders, body: body.toString('latin1') },
      ]);
    }
    expect(simple).toBeGreaterThan(200);
  });
});

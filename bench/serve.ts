/** `serve` under fifty clients, beside a bare `node:http` server that answers the same bytes; and its memory after 100,000 requests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const clients = 50;
const measured = 20_000;
const all = 100_000;
/** The bare server's p99 over ours. */
const aim = 0.5;

const bareServer = `const { createServer } = require('node:http');
const body = Buffer.from(process.env.BODY);
createServer((request, response) => { response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }); response.end(body); })
  .listen(0, '127.0.0.1', function () { console.log(JSON.stringify({ url: 'http://127.0.0.1:' + this.address().port + '/' })); });`;

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  const children: ChildProcess[] = [];
  try {
    await timeOf([...stepup, 'login', 'work', '--code', home.freshCode()], home.env);
    const ours = await start(children, [...stepup, 'serve', 'myrole', '--json'], home.env);
    const served = ours.said.profiles?.[0];
    if (served === undefined) throw new Error('serve named no profile');
    const target = { url: served.url, token: readFileSync(served.tokenFile, 'utf8') };
    const body = await once(target, new Agent());
    const { said } = await start(children, [process.execPath, '-e', bareServer], { ...home.env, BODY: body });
    const bare = { url: said.url ?? '', token: '' };
    await load(target, 2_000);
    await load(bare, 2_000);
    const rss = [residentMb(ours.child)];
    const p99 = { bare: await load(bare, measured), ours: await load(target, measured) };
    await load(target, all / 2 - measured);
    rss.push(residentMb(ours.child));
    await load(target, all / 2);
    rss.push(residentMb(ours.child));
    const [begun = 0, half = 0, end = 0] = rss;
    const other = { name: 'a bare node:http server', value: p99.bare };
    return [
      { what: 'serve, p99 of 50 clients', unit: 'ms', better: 'lower', ours: p99.ours, other, aim },
      {
        what: 'serve, memory after 100,000 requests',
        unit: 'MB',
        better: 'lower',
        ours: end,
        other: { name: 'after 50,000', value: half },
        note: `${begun.toFixed(0)} MB when warm`,
      },
    ];
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await home.close();
  }
}

interface Target {
  readonly url: string;
  readonly token: string;
}

/** The line that each of the two servers prints first. */
interface Announcement {
  readonly url?: string;
  readonly profiles?: readonly { readonly url: string; readonly tokenFile: string }[];
}

async function start(
  children: ChildProcess[],
  [file = '', ...args]: readonly string[],
  env: object,
): Promise<{ readonly child: ChildProcess; readonly said: Announcement }> {
  const child = spawn(file, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, said: JSON.parse(line) };
  throw new Error(`${args.join(' ')} said nothing`);
}

/** So many requests over fifty connections that stay open; the 99th percentile of their times in milliseconds. */
async function load(target: Target, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  const client = async (): Promise<void> => {
    for (let left = requests / clients; left > 0; left -= 1) {
      const begun = performance.now();
      await once(target, agent);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  times.sort((one, two) => one - two);
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

function once({ url, token }: Target, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { Authorization: token } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    }).on('error', reject);
  });
}

function residentMb({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) / 1024;
}

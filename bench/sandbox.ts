/**
 * Requests a second: our sandbox beside a bare `node:http` server that answers the same bytes, the same with SigV4's
 * hashes, and moto's server, which verifies nothing. Each request is signed anew; 8 connections; the contestants take
 * turns in short rounds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { BareAnswer } from './load/bare-server.ts';
import type { Target } from './load/message.ts';
import {
  assumeRoleForm,
  benchProcesses,
  identityForm,
  nextMessage,
  type Processes,
  rateOf,
  startedSandbox,
} from './load/processes.ts';
import { median } from './measure/rounds.ts';
import type { Row } from './measure/row.ts';

const rounds = 15;
const roundMs = 500;
/** A bare server is twice as fast at best: what remains is HTTP itself. */
const aimBesideBare = 0.5;
const aimBesideMoto = 30;

export async function bench(): Promise<readonly Row[]> {
  const processes = benchProcesses();
  const moto = await startMoto();
  try {
    const generator = await processes.start('generator');
    const ours = await startedSandbox(processes);
    const forms = { GetCallerIdentity: identityForm, AssumeRole: assumeRoleForm(ours.roleArn) };
    const answers: BareAnswer[] = [];
    for (const [action, form] of Object.entries(forms)) {
      answers.push({ has: `Action=${action}`, ...(await sampleAnswer(generator, ours, form, action)) });
    }
    const bare = await startBare(processes, false, answers);
    const hashing = await startBare(processes, true, answers);
    const rows: Row[] = [];
    for (const [action, form] of Object.entries(forms)) {
      const target = (port: number): Target => ({ port, keys: ours.keys, form, expected: `${action}Response` });
      const contestants = {
        ours: target(ours.port),
        bare: target(bare),
        hashing: target(hashing),
        ...(moto !== undefined && { moto: target(moto.port) }),
      };
      rows.push(...rowsOf(action, await takeTurns(generator, contestants), moto !== undefined));
    }
    return rows;
  } finally {
    processes.end();
    moto?.child.kill('SIGKILL');
  }
}

type Rates = Readonly<Record<string, number>>;

async function takeTurns(generator: ChildProcess, contestants: Readonly<Record<string, Target>>): Promise<Rates> {
  const rates = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, target] of Object.entries(contestants)) {
      const rate = await rateOf(generator, target, roundMs);
      // The first round warms up.
      if (round >= 0) rates.get(name)?.push(rate);
    }
  }
  return Object.fromEntries([...rates].map(([name, values]) => [name, median(values)]));
}

function rowsOf(action: string, rates: Rates, hasMoto: boolean): Row[] {
  const { ours = Number.NaN, bare = Number.NaN, hashing = Number.NaN, moto = Number.NaN } = rates;
  const row = { what: action, unit: 'a second', better: 'higher', ours } as const;
  return [
    { ...row, other: { name: 'bare node:http', value: bare }, aim: aimBesideBare },
    { ...row, other: { name: "bare, with SigV4's hashes", value: hashing } },
    hasMoto
      ? { ...row, other: { name: 'moto_server', value: moto }, aim: aimBesideMoto }
      : { ...row, note: 'moto_server is not installed: ours alone' },
  ];
}

const byNode = /^(?:Date|Connection|Keep-Alive): /;

/** What ours answers, for the bare server to answer as well. */
async function sampleAnswer(
  generator: ChildProcess,
  { port, keys }: { readonly port: number; readonly keys: Target['keys'] },
  form: string,
  action: string,
): Promise<Omit<BareAnswer, 'has'>> {
  const report = nextMessage<{ readonly wrong: string }>(generator);
  // Nothing contains this, so the answer comes back as a wrong one.
  generator.send({ target: { port, keys, form, expected: '\u0000' }, connections: 1, durationMs: 0 });
  const { wrong } = await report;
  const [head = '', body = ''] = wrong.split('\r\n\r\n');
  if (!body.includes(`${action}Response`)) throw new Error(`the sandbox answered: ${wrong}`);
  const lines = head.split('\r\n').slice(1);
  const headers = lines.filter((line) => !byNode.test(line)).flatMap((line) => line.split(': '));
  return { headers, body };
}

async function startBare(processes: Processes, hashes: boolean, answers: readonly BareAnswer[]): Promise<number> {
  const child = await processes.start('bare-server');
  const port = nextMessage<number>(child);
  child.send({ hashes, answers });
  return port;
}

/** Nothing if it isn't installed. */
async function startMoto(): Promise<{ readonly child: ChildProcess; readonly port: number } | undefined> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const isInstalled = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
  if (!isInstalled) return undefined;
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(port)) return { child, port };
    await pause(100);
  }
  child.kill('SIGKILL');
  return undefined;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/moto-api/`).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

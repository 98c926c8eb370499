import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Keys, LoadOrder, LoadReport, Target } from './message.ts';

/** The processes of a bench about the sandbox; `end` ends them all. */
export interface Processes {
  /** Bundles `bench/load/NAME.ts` and runs it. */
  start(name: string): Promise<ChildProcess>;
  end(): void;
}

const root = process.cwd();

export function benchProcesses(): Processes {
  // Inside the checkout, so that packages left out of the bundle are found.
  const folder = join(root, 'node_modules', '.cache', `bench-load-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const children: ChildProcess[] = [];
  return {
    async start(name) {
      const outfile = join(folder, `${name}.mjs`);
      const common = {
        bundle: true,
        format: 'esm',
        platform: 'node',
        packages: 'external',
        logLevel: 'warning',
      } as const;
      await build({ ...common, entryPoints: [join(root, 'bench', 'load', `${name}.ts`)], outfile });
      // The SDK's word on Node 20 is no part of the figures.
      const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
      const child = fork(outfile, { execArgv: ['--expose-gc'], env });
      children.push(child);
      return child;
    },
    end() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The next message of a child; rejects if it ends before. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process of the bench ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

export interface StartedSandbox {
  readonly child: ChildProcess;
  readonly port: number;
  readonly keys: Keys;
  readonly roleArn: string;
}

export async function startedSandbox(processes: Processes): Promise<StartedSandbox> {
  const child = await processes.start('sandbox-server');
  return { child, ...(await nextMessage<Omit<StartedSandbox, 'child'>>(child)) };
}

/** Loads the target for so long; throws if one of the answers is wrong. */
export async function load(generator: ChildProcess, target: Target, durationMs: number): Promise<LoadReport> {
  const order: LoadOrder = { target, connections: 8, durationMs };
  const answer = nextMessage<LoadReport>(generator);
  generator.send(order);
  const report = await answer;
  if (report.wrong !== undefined) throw new Error(`port ${target.port} answered: ${report.wrong.slice(0, 1000)}`);
  return report;
}

/** Requests a second that the target answers. */
export async function rateOf(generator: ChildProcess, target: Target, durationMs: number): Promise<number> {
  const { answered, seconds } = await load(generator, target, durationMs);
  return answered / seconds;
}

export const identityForm = 'Action=GetCallerIdentity&Version=2011-06-15';

export function assumeRoleForm(roleArn: string): string {
  const parameters = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'load' };
  return new URLSearchParams(parameters).toString();
}

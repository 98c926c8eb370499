/** The real programs that the contract tests drive, found once a run and handed to each test file. */
import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

export interface Program {
  /** For the names of tests: `aws 2.9.19`. */
  readonly name: string;
  readonly path: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Each version of the AWS CLI that is there. */
    readonly awsClis: readonly Program[];
    /** Each Python that has boto3, by the version of boto3. */
    readonly pythons: readonly Program[];
  }
}

const run = promisify(execFile);

/** Vitest's global set-up of the contract tests. */
export async function setup(project: TestProject): Promise<void> {
  const [awsClis, pythons] = await Promise.all([findAwsClis(), findPythons()]);
  project.provide('awsClis', awsClis);
  project.provide('pythons', pythons);
  process.stdout.write(`clients: ${[...awsClis, ...pythons].map((program) => program.name).join(', ') || 'none'}\n`);
}

async function findAwsClis(): Promise<readonly Program[]> {
  const candidates = (await pythonInterpreters()).map((python) => join(dirname(python), 'aws'));
  return distinct([...candidates, ...(await onPath('aws'))], async (path) => {
    const { stdout, stderr } = await run(path, ['--version']);
    const version = /^aws-cli\/(\S+)/.exec(stdout || stderr)?.[1];
    return version && `aws ${version}`;
  });
}

async function findPythons(): Promise<readonly Program[]> {
  return distinct(await pythonInterpreters(), async (path) => {
    const { stdout } = await run(path, ['-c', 'import boto3; print(boto3.__version__)']);
    return `boto3 ${stdout.trim()}`;
  });
}

/** The interpreters themselves: what is on the PATH may be a script that looks for one each time. */
async function pythonInterpreters(): Promise<readonly string[]> {
  const found = await Promise.all(
    (await onPath('python3')).map(async (path) => {
      const { stdout } = await run(path, ['-c', 'import sys; print(sys.executable)']).catch(() => ({ stdout: '' }));
      return stdout.trim();
    }),
  );
  return [...new Set(found.filter((path) => path !== ''))];
}

/** One a name, which `describe` makes; what it fails on isn't there. */
async function distinct(
  paths: readonly string[],
  describe: (path: string) => Promise<string | undefined>,
): Promise<readonly Program[]> {
  const programs = new Map<string, Program>();
  for (const path of new Set(paths)) {
    const name = await describe(path).catch(() => undefined);
    if (name !== undefined && !programs.has(name)) programs.set(name, { name, path });
  }
  return [...programs.values()];
}

async function onPath(name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (await isExecutable(path)) found.push(await realpath(dirname(path)).then((real) => join(real, name)));
  }
  return [...new Set(found)];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

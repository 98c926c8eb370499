/** The broker, put together from the real world. A kept answer loads neither the SDK nor the prompt: those come when needed. */
import { join } from 'node:path';
import { resolveEndpoint } from '../aws/endpoints.ts';
import { isStopped, ownTerminalName } from '../process/process-state.ts';
import { type AwsFiles, awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { createBroker } from '../sessions/broker.ts';
import type { BrokerPorts } from '../sessions/broker-ports.ts';
import type { Broker } from '../sessions/wish.ts';
import { escapeText } from '../terminal/escape.ts';
import { askingProcess } from './asking-process.ts';
import type { Io } from './io.ts';
import { ownFolders } from './own-folders.ts';
import { readSpan } from './span.ts';

const roleSeconds = 3_600;
/** What must be left of a kept role session: SDKs ask anew five minutes before the end at the latest. */
const leadSeconds = 300;

export async function brokerFor(io: Io): Promise<Broker> {
  const { env } = io;
  const paths = awsFilePaths(env, io.homeDirectory);
  const folders = ownFolders(io);
  const customEndpoint = (files: AwsFiles, profile: string): string | undefined => {
    const sts = resolveEndpoint('sts', endpointSettings(files, resolveProfile(files, profile, env), 'sts', env));
    return sts.customOrigin === undefined ? undefined : sts.url.origin;
  };
  const ports: BrokerPorts = {
    env,
    now: io.now,
    readFiles: () => readAwsFiles(paths),
    folders,
    prompting: prompting(io, join(folders.cache, 'prompts')),
    defaultSessionName: env['AWS_ROLE_SESSION_NAME'] || 'stepup',
    roleDurationSeconds: span(io, 'AWS_ASSUME_ROLE_TTL') ?? roleSeconds,
    leadSeconds: span(io, 'AWS_MIN_TTL') ?? leadSeconds,
    describeBase: (files, { profile, sessionProfile }) => {
      const { credentials } = resolveProfile(files, profile, env);
      return {
        profile,
        sessionProfile,
        keyId: credentials.type === 'long-term-key' ? credentials.accessKeyId : undefined,
        endpoint: customEndpoint(files, profile),
      };
    },
    customEndpoint,
    longTermKey: async (base) =>
      (await import('./long-term-key.ts')).longTermKey(io, resolveProfile(readAwsFiles(paths), base, env)),
    login: async (request) => (await import('./broker-calls.ts')).loginInTurn(io, request),
    assumeRole: async (request, from) => (await import('./broker-calls.ts')).enterRole(io, request, from),
    assumeRoleWithCode: async (request) => (await import('./broker-calls.ts')).enterRoleInTurn(io, request),
    provided: async (base) => (await import('./provided-base.ts')).providedBase(io, base),
    loginCommand: (base) => `stepup login ${base}`,
  };
  return createBroker(ports);
}

function prompting(io: Io, folder: string): BrokerPorts['prompting'] {
  let self: BrokerPorts['prompting']['self'] | undefined;
  const terminal = ownTerminalName();
  return {
    folder,
    // Looked up when somebody has to be asked: the name of the parent costs a read.
    get self() {
      self ??= {
        pid: process.pid,
        program: askingProcess(`stepup ${io.argv[0] ?? ''}`, io.platform),
        ...(terminal !== undefined && { terminal }),
      };
      return self;
    },
    onWaiting: (prompter) => {
      // At the same terminal the prompt itself is seen, and a line of each who waits would push it away.
      if (io.stderr.isTTY === true && prompter.terminal === terminal) return;
      const at = prompter.terminal === undefined ? '' : ` on ${prompter.terminal}`;
      io.stderr.write(`stepup: waiting: ${escapeText(`${prompter.program}${at}`)} asks for the code\n`);
    },
    isStopped,
    signal: io.interrupted,
  };
}

function span({ env }: Io, variable: string): number | undefined {
  const text = env[variable];
  return text ? readSpan(variable, text) : undefined;
}

/** The broker, put together from the real world. A kept answer loads neither the SDK nor the prompt: those come when needed. */
import { join } from 'node:path';
import { isStopped, ownTerminalName } from '../process/process-state.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { createBroker } from '../sessions/broker.ts';
import type { BrokerPorts } from '../sessions/broker-ports.ts';
import type { Broker } from '../sessions/wish.ts';
import { escapeText } from '../terminal/escape.ts';
import { askingProcess } from './asking-process.ts';
import type { Io } from './io.ts';
import { keptPorts } from './kept-ports.ts';
import { ownFolders } from './own-folders.ts';

export async function brokerFor(io: Io): Promise<Broker> {
  const paths = awsFilePaths(io.env, io.homeDirectory);
  const ports: BrokerPorts = {
    ...keptPorts(io),
    prompting: prompting(io, join(ownFolders(io).cache, 'prompts')),
    longTermKey: async (base) =>
      (await import('./long-term-key.ts')).longTermKey(io, resolveProfile(readAwsFiles(paths), base, io.env)),
    sessionStore: async (store, base) => (await import('./open-store.ts')).sessionStore(io, store, base),
    login: async (request) => (await import('./broker-calls.ts')).loginInTurn(io, request),
    assumeRole: async (request, from) => (await import('./broker-calls.ts')).enterRole(io, request, from),
    assumeRoleWithCode: async (request) => (await import('./broker-calls.ts')).enterRoleInTurn(io, request),
    provided: async (base) => (await import('./provided-base.ts')).providedBase(io, base),
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

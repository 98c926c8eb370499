/**
 * The short way for what runs on every AWS command and at every press of Tab: `credentials PROFILE` and `exec PROFILE --
 * CMD…` from what is kept, and `completion profiles`. It takes these command lines and no other, and only if nothing is
 * amiss; all the rest, every error among it, is left to the whole program, which begins anew. So nothing that isn't used
 * is loaded: no parser of command lines, no streams, no SDK; and what is only for others than `credential_process` is in
 * files of its own (`kept-text.ts`, `run-in-place.ts`).
 */
import type { Credentials } from '../aws/credentials.ts';
import { processDocument } from '../delivery/process-document.ts';
import { isRegularFile } from '../files/read.ts';
import { keptCredentials, type Way, wayTo } from '../sessions/kept-credentials.ts';
import type { Io } from './io.ts';
import { keptPorts } from './kept-ports.ts';
import { profileNames } from './profile-names.ts';

/** What there is to give: a text as it is, or what the other files make of it. */
export type KeptAnswer = string | UnfinishedAnswer;

export type UnfinishedAnswer =
  | { readonly type: 'profiles'; readonly names: readonly string[] }
  /** The format isn't looked at yet. */
  | { readonly type: 'credentials'; readonly credentials: Credentials; readonly format: string }
  | KeptCommand;

export interface KeptCommand {
  readonly type: 'command';
  readonly credentials: Credentials;
  readonly way: Way;
  readonly command: string;
  readonly args: readonly string[];
}

type KeptIo = Pick<Io, 'argv' | 'env' | 'homeDirectory' | 'now'>;

/** @returns undefined where the whole program is needed: then nothing was done */
export function keptAnswer(io: KeptIo): KeptAnswer | undefined {
  const [command, ...args] = io.argv;
  try {
    if (!canReadAgain(io)) return undefined;
    if (command === 'credentials') return givenOut(io, args);
    if (command === 'exec') return handedToCommand(io, args);
    if (command !== 'completion' || args.length !== 1 || args[0] !== 'profiles') return undefined;
    return { type: 'profiles', names: profileNames(io) };
  } catch {
    return undefined;
  }
}

/** A pipe in a file's place (`<(pass show aws)`) is for the one who takes what is in it: the whole program. */
function canReadAgain({ env }: KeptIo): boolean {
  const named = [env['AWS_CONFIG_FILE'], env['AWS_SHARED_CREDENTIALS_FILE']];
  return named.every((path) => !path || isRegularFile(path));
}

function givenOut(io: KeptIo, args: readonly string[]): KeptAnswer | undefined {
  const line = readCredentialsLine(args);
  const kept = line && find(io, line.profile);
  if (line === undefined || kept === undefined) return undefined;
  const { credentials } = kept;
  const { format } = line;
  return format === 'process' ? processDocument(credentials) : { type: 'credentials', credentials, format };
}

/** `PROFILE -- CMD…`: without options, and with a command. */
function handedToCommand(io: KeptIo, line: readonly string[]): KeptCommand | undefined {
  const [profile, dashes, command, ...args] = line;
  if (profile === undefined || profile.startsWith('-') || dashes !== '--' || command === undefined) return undefined;
  const kept = find(io, profile);
  return kept && { type: 'command', ...kept, command, args };
}

function find(io: KeptIo, profile: string): Pick<KeptCommand, 'way' | 'credentials'> | undefined {
  const ports = keptPorts(io);
  const wish = { profile, mayAsk: false };
  const way = wayTo(ports, wish);
  const credentials = keptCredentials(ports, way, wish);
  return credentials && { way, credentials };
}

interface CredentialsLine {
  readonly profile: string;
  readonly format: string;
}

/** `PROFILE`, and before or behind it `--format FORMAT` and `--no-prompt`. */
function readCredentialsLine(args: readonly string[]): CredentialsLine | undefined {
  let profile: string | undefined;
  let format: string | undefined = 'process';
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--no-prompt') continue;
    if (word === '--format') {
      index += 1;
      format = args[index];
    } else if (profile === undefined && !word.startsWith('-')) {
      profile = word;
    } else {
      return undefined;
    }
  }
  return profile === undefined || format === undefined ? undefined : { profile, format };
}

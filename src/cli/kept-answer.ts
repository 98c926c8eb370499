/**
 * The short way for what runs on every AWS command and at every press of Tab: `credentials PROFILE` and `exec PROFILE --
 * CMD…` from what is kept, and `completion profiles`. It takes these command lines and no other, and only if nothing is
 * amiss; all the rest, every error among it, is left to the whole program, which begins anew. So nothing that isn't used
 * is loaded: no parser of command lines, no streams, no SDK.
 */
import type { Credentials } from '../aws/credentials.ts';
import { childEnvironment, childProfileOf } from '../delivery/environment.ts';
import { type CredentialFormat, credentialFormats, formatCredentials } from '../delivery/formats.ts';
import { outerProfile } from '../delivery/nesting.ts';
import type { Supervision } from '../process/become.ts';
import { keptCredentials, type Way, wayTo } from '../sessions/kept-credentials.ts';
import type { Io } from './io.ts';
import { keptPorts } from './kept-ports.ts';
import { profileNames } from './profile-names.ts';

/** A text to print, or a command to run in our place. */
export type KeptAnswer = string | Supervision;

type KeptIo = Pick<Io, 'argv' | 'env' | 'homeDirectory' | 'now'>;

/** @returns undefined where the whole program is needed: then nothing was done */
export function keptAnswer(io: KeptIo): KeptAnswer | undefined {
  const [command, ...args] = io.argv;
  try {
    if (command === 'credentials') return keptText(io, args);
    if (command === 'exec') return keptCommand(io, args);
    return command === 'completion' && args.length === 1 && args[0] === 'profiles' ? profileNames(io) : undefined;
  } catch {
    return undefined;
  }
}

function keptText(io: KeptIo, args: readonly string[]): string | undefined {
  const line = readCredentialsLine(args);
  const kept = line && find(io, line.profile);
  return line && kept && formatCredentials(line.format, kept.credentials);
}

/** `PROFILE -- CMD…`: without options, and with a command. */
function keptCommand(io: KeptIo, [profile, dashes, command, ...args]: readonly string[]): Supervision | undefined {
  if (profile === undefined || profile.startsWith('-') || dashes !== '--' || command === undefined) return undefined;
  if (outerProfile(io.env) !== undefined) return undefined;
  const kept = find(io, profile);
  return kept && { command, args, env: childEnvironment(io.env, childProfileOf(kept.place), kept.credentials) };
}

function find(io: KeptIo, profile: string): (Pick<Way, 'place'> & { readonly credentials: Credentials }) | undefined {
  const ports = keptPorts(io);
  const wish = { profile, mayAsk: false };
  const way = wayTo(ports, wish);
  const credentials = keptCredentials(ports, way, wish);
  return credentials && { place: way.place, credentials };
}

interface CredentialsLine {
  readonly profile: string;
  readonly format: CredentialFormat;
}

/** `PROFILE`, and before or behind it `--format FORMAT` and `--no-prompt`. */
function readCredentialsLine(args: readonly string[]): CredentialsLine | undefined {
  let profile: string | undefined;
  let format: CredentialFormat = 'process';
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--no-prompt') continue;
    if (word === '--format') {
      index += 1;
      const named = credentialFormats.find((name) => name === args[index]);
      if (named === undefined) return undefined;
      format = named;
    } else if (profile === undefined && !word.startsWith('-')) {
      profile = word;
    } else {
      return undefined;
    }
  }
  return profile === undefined ? undefined : { profile, format };
}

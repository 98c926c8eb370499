/**
 * The short way for what runs on every AWS command and at every press of Tab: `credentials PROFILE` from what is kept,
 * and `completion profiles`. It takes these command lines and no other, and only if nothing is amiss; all the rest, every
 * error among it, is left to the whole program, which begins anew. So nothing that isn't used is loaded: no parser of
 * command lines, no streams, no SDK.
 */
import { type CredentialFormat, credentialFormats, formatCredentials } from '../delivery/formats.ts';
import { keptCredentials, wayTo } from '../sessions/kept-credentials.ts';
import type { Io } from './io.ts';
import { keptPorts } from './kept-ports.ts';
import { profileNames } from './profile-names.ts';

/** @returns what to print, or undefined: then nothing was done */
export function keptAnswer(io: Pick<Io, 'argv' | 'env' | 'homeDirectory' | 'now'>): string | undefined {
  const [command, ...args] = io.argv;
  try {
    if (command === 'completion' && args.length === 1 && args[0] === 'profiles') return profileNames(io);
    if (command !== 'credentials') return undefined;
    const wish = readCredentialsLine(args);
    if (wish === undefined) return undefined;
    const ports = keptPorts(io);
    const credentialWish = { profile: wish.profile, mayAsk: false };
    const credentials = keptCredentials(ports, wayTo(ports, credentialWish), credentialWish);
    return credentials && formatCredentials(wish.format, credentials);
  } catch {
    return undefined;
  }
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

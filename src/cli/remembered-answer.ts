/**
 * The shortest way: a kept role session whose way there is remembered. Of a profile it knows nothing; where no way is
 * remembered, or the session is gone, `kept-answer.ts` works it out.
 */
import { join } from 'node:path';
import type { Credentials } from '../aws/credentials.ts';
import { processDocument } from '../delivery/process-document.ts';
import { readText } from '../files/read.ts';
import { isRememberable, recallWay } from '../sessions/remembered-way.ts';
import { readRoleEntry } from '../sessions/role-entry.ts';
import type { ProfilePlace } from '../sessions/wish.ts';
import type { Io } from './io.ts';
import type { KeptLine } from './kept-line.ts';
import { ownFolders } from './own-folders.ts';

export type KeptIo = Pick<Io, 'env' | 'homeDirectory' | 'now'> & {
  /** Which build this is: what one remembers is nothing to another. */
  readonly rules: string;
};

/** What there is to give: a text as it is, or what the other files make of it. */
export type KeptAnswer = string | UnfinishedAnswer;

export type UnfinishedAnswer =
  | { readonly type: 'profiles'; readonly names: readonly string[] }
  /** The format isn't looked at yet. */
  | { readonly type: 'credentials'; readonly credentials: Credentials; readonly format: string }
  | KeptCommand;

export interface KeptCommand extends Found {
  readonly type: 'command';
  readonly command: string;
  readonly args: readonly string[];
}

export interface Found {
  readonly credentials: Credentials;
  readonly place: Pick<ProfilePlace, 'profile' | 'region' | 'endpointVariables'>;
}

/** @returns undefined where nothing is remembered, or it is of no use: then nothing was done */
export function rememberedAnswer(io: KeptIo, line: KeptLine): KeptAnswer | undefined {
  const { env, homeDirectory, rules } = io;
  if (line.type === 'profiles' || !isRememberable(env)) return undefined;
  try {
    const read = (name: string): string => readText(join(homeDirectory, '.aws', name)) ?? '';
    const { roleSessions } = ownFolders(io);
    const { profile } = line;
    const way = recallWay(roleSessions, {
      ...{ rules, profile, env },
      config: read('config'),
      credentials: read('credentials'),
    });
    const session = way && readRoleEntry(roleSessions, way.identity, io.now() + way.leadMs);
    if (way === undefined || session === undefined) return undefined;
    const { region } = way;
    const place = { profile, ...(region !== undefined && { region }), endpointVariables: [] };
    return withFound(line, { credentials: session.credentials, place });
  } catch {
    return undefined;
  }
}

export function withFound(line: Exclude<KeptLine, { type: 'profiles' }>, found: Found): KeptAnswer {
  if (line.type === 'command') return { ...line, ...found };
  const { credentials } = found;
  const { format } = line;
  return format === 'process' ? processDocument(credentials) : { type: 'credentials', credentials, format };
}

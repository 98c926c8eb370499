/**
 * What a profile came to, remembered: under which name its role session is kept, and its region. It holds as long as
 * nothing has changed that it was worked out from: both AWS files and every variable that has a say, letter by letter. So
 * most calls read two files and compare, and need nothing of what makes sense of them. A kept session that is gone is
 * gone for it too. Of secrets there is nothing in a note but what a short digest of the whole credentials file tells.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHostLabel } from '../aws/custom-endpoint.ts';
import { readText } from '../files/read.ts';
import type { Environment } from '../profiles/aws-files.ts';
import { cachedNames, forget } from './cache-folder.ts';
import { digest } from './digest.ts';

/** All that a way is worked out from. */
export interface WaySources {
  /** By which rules: another build of stepup may make another way of the same files. */
  readonly rules: string;
  readonly profile: string;
  readonly env: Environment;
  /** The texts of both files, empty for one that isn't there. */
  readonly config: string;
  readonly credentials: string;
}

export interface RememberedWay {
  /** All that shapes the role session, as `role-cache.ts` writes it. */
  readonly identity: string;
  /** What must be left of it, milliseconds. */
  readonly leadMs: number;
  /**
   * Of a command's requests. There is no endpoint: whoever can write into the cache could send a person's requests to a
   * host of his own. A profile with one isn't remembered.
   */
  readonly region?: string | undefined;
}

interface Note extends RememberedWay {
  readonly sources: string;
}

/** Each profile has one for each environment that it is asked in. */
const MAX_NOTES = 1_000;

/**
 * Whether ways are remembered in this environment. Not where the files are elsewhere, for their paths may hold other
 * variables; nor where a variable holds a secret (which is another every hour, so that no note would be found again).
 */
export function isRememberable(env: Environment): boolean {
  if (env['AWS_CONFIG_FILE'] || env['AWS_SHARED_CREDENTIALS_FILE']) return false;
  return !Object.keys(env).some((name) => hasSay(name) && /SECRET|TOKEN$|PASSPHRASE$|PASSWORD$/i.test(name));
}

/** The way that was remembered for just these sources. */
export function recallWay(folder: string, sources: WaySources): RememberedWay | undefined {
  const environment = environmentText(sources);
  const text = readText(join(folder, noteName(environment)));
  const note: unknown = text === undefined ? undefined : JSON.parse(text);
  return isNote(note) && note.sources === sourcesDigest(environment, sources) ? note : undefined;
}

/** A region becomes a part of AWS's host names, and nothing else passes for one. */
function isNote(value: unknown): value is Note {
  const { sources, identity, leadMs, region } = (value ?? {}) as Partial<Note>;
  const isWhole = typeof sources === 'string' && typeof identity === 'string' && Number(leadMs) >= 0;
  return isWhole && (region === undefined || (typeof region === 'string' && isHostLabel(region)));
}

/** Notes that can't be written are none: what they would say can be worked out anew. */
export function rememberWay(folder: string, sources: WaySources, way: RememberedWay): void {
  const environment = environmentText(sources);
  const path = join(folder, noteName(environment));
  const note: Note = { sources: sourcesDigest(environment, sources), ...way };
  const draft = `${path}.${process.pid}`;
  try {
    const others = cachedNames(folder, NOTE_NAME);
    if (others.length >= MAX_NOTES) forget(join(folder, others[0] ?? ''));
    writeFileSync(draft, JSON.stringify(note), { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch {
    forget(draft);
  }
}

export function forgetWays(folder: string): void {
  for (const name of cachedNames(folder, NOTE_NAME)) forget(join(folder, name));
}

/** Names that begin so are all that profiles, sessions and endpoints are decided by; on Windows, whatever their case. */
function hasSay(name: string): boolean {
  return /^(AWS|STEPUP)_/i.test(name);
}

function environmentText({ rules, profile, env }: WaySources): string {
  const variables = Object.keys(env).filter(hasSay).sort();
  return JSON.stringify([rules, profile, ...variables.map((name) => [name, env[name]])]);
}

/** With their lengths, so that texts that differ by more than a few letters have to be alike in three ways. */
function sourcesDigest(environment: string, { config, credentials }: WaySources): string {
  return [environment, config, credentials].map((text) => `${digest(text)} ${text.length}`).join(' ');
}

/** A draft of one, left by a kill, counts as well. */
const NOTE_NAME = /^way-/;

function noteName(environment: string): string {
  return `way-${digest(environment)}.json`;
}

/**
 * stepup's own configuration, `~/.config/stepup/config.json`. Its home is the one of the system's user database, and
 * neither `$HOME` nor `$XDG_CONFIG_HOME` moves it: it says to whom a code may go, and a repository's `.env` must have
 * no way to answer that.
 */
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { requireOwnFile } from '../files/modes.ts';
import { readText } from '../files/read.ts';
import type { Io } from './io.ts';

export interface OwnConfig {
  readonly path: string;
  /** `host` or `host:port`, in lower case: where a code may go besides AWS and loopback. */
  readonly codeHosts: readonly string[];
}

/** Reads it; without a file, everything has its default. Throws `own-config` for one that can't be understood, `unsafe-path` for one that others may write. */
export function readOwnConfig(io: Pick<Io, 'accountHomeDirectory'>): OwnConfig {
  const path = join(io.accountHomeDirectory, '.config', 'stepup', 'config.json');
  const text = readText(path);
  if (text === undefined) return { path, codeHosts: [] };
  requireOwnFile(path);
  return { path, codeHosts: codeHosts(parse(text, path), path) };
}

function parse(text: string, path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StepupError('own-config', { path, problem: 'is no JSON' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StepupError('own-config', { path, problem: 'is no JSON object' });
  }
  return value;
}

function codeHosts(config: object, path: string): readonly string[] {
  const hosts: unknown = 'codeHosts' in config ? config.codeHosts : [];
  if (!Array.isArray(hosts) || !hosts.every((host) => typeof host === 'string' && /^[a-z0-9.-]+(:\d+)?$/i.test(host))) {
    throw new StepupError('own-config', { path, problem: 'has codeHosts that is no list of "host" or "host:port"' });
  }
  return hosts.map((host: string) => host.toLowerCase());
}

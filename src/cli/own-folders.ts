/** Where stepup keeps what it may lose (cache) and what it would rather not (state); the XDG base directories. */
import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

export interface OwnFolders {
  readonly cache: string;
  readonly state: string;
  /** The cache of role sessions. */
  readonly roleSessions: string;
  /** What AWS's answers taught us of gates. */
  readonly gates: string;
}

/** A variable that is no absolute path is ignored, as the XDG specification demands. */
export function ownFolders({ env, homeDirectory }: Pick<Io, 'env' | 'homeDirectory'>): OwnFolders {
  const folder = (variable: string, ...byDefault: readonly string[]): string => {
    const given = env[variable];
    const root = given !== undefined && isAbsolute(given) ? given : join(homeDirectory, ...byDefault);
    return join(root, 'stepup');
  };
  const cache = folder('XDG_CACHE_HOME', '.cache');
  const state = folder('XDG_STATE_HOME', '.local', 'state');
  return { cache, state, roleSessions: join(cache, 'role-sessions'), gates: join(state, 'gates') };
}

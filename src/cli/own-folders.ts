/** Where stepup keeps what it may lose (cache) and what it would rather not (state); the XDG base directories. */
import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

export interface OwnFolders {
  readonly cache: string;
  readonly state: string;
}

/** A variable that is no absolute path is ignored, as the XDG specification demands. */
export function ownFolders({ env, homeDirectory }: Pick<Io, 'env' | 'homeDirectory'>): OwnFolders {
  const folder = (variable: string, ...byDefault: readonly string[]): string => {
    const given = env[variable];
    const root = given !== undefined && isAbsolute(given) ? given : join(homeDirectory, ...byDefault);
    return join(root, 'stepup');
  };
  return { cache: folder('XDG_CACHE_HOME', '.cache'), state: folder('XDG_STATE_HOME', '.local', 'state') };
}

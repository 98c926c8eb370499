import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { shownFiles } from '../../support/made-secrets.ts';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A new folder of mode 0700; its name is short, for sockets may live in it. What others could read in it by the end is
 * looked through for secrets.
 */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 's-'));
  const remove = async (): Promise<void> => {
    shownFiles(path);
    await rm(path, { recursive: true, force: true });
  };
  return { path, remove };
}

/** The same, gone when the present test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(folder.remove);
  return folder.path;
}

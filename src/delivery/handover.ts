/** What `exec --server` and `serve` leave on the disk for their clients: a token file, and empty AWS files. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { makePrivateFolder } from '../files/modes.ts';

export interface HandoverFolder {
  readonly path: string;
  /** Writes a file of mode 0600 and answers its path. */
  write(name: string, content: string): string;
  /** Takes the folder and all that is in it away. */
  remove(): void;
}

/** Opens one profile at the endpoint: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * A folder of mode 0700 that only lives as long as its endpoint: in the user's run-time folder, which is memory where
 * systemd made it, else in the temporary one. @throws StepupError `file-system`
 */
export function makeHandoverFolder(env: Readonly<Record<string, string | undefined>>): HandoverFolder {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime) makePrivateFolder(runtime);
  const path = mkdtempSync(join(runtime || tmpdir(), 'stepup-'));
  return {
    path,
    write: (name, content) => writeFileAtomic(join(path, name), content, { exclusive: true }).path,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

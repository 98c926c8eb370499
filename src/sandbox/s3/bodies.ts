import { createReadStream, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { StepupError } from '../../errors.ts';
import { machineDisk } from '../disk.ts';
import type { Randomness } from '../operation.ts';

/** Bytes `first` to `last`, both counted from 0 and both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The bodies of objects, apart from what is known of them. A body never changes; a new one has a new id. */
export interface Bodies {
  /** Gives the id once the body is on the disk. Throws the disk's error, and then nothing is left. */
  write(body: Buffer): Promise<string>;
  /** Opened at once: a body that is removed afterwards is still read to its end. Throws if there is no such body. */
  read(id: string, range: ByteRange): Readable;
  /** One that isn't there is removed already. */
  remove(id: string): void;
}

function newId(random: Randomness): string {
  return random.bytes(16).toString('hex');
}

export function isBodyId(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

/** Bodies that live as long as the process. */
export function memoryBodies(random: Randomness): Bodies {
  const bodies = new Map<string, Buffer>();
  return {
    async write(body) {
      const id = newId(random);
      bodies.set(id, Buffer.from(body));
      return id;
    },
    read(id, { first, last }) {
      const body = bodies.get(id);
      if (body === undefined) throw new Error(`no body ${id}`);
      return Readable.from([body.subarray(first, last + 1)], { objectMode: false });
    },
    remove(id) {
      bodies.delete(id);
    },
  };
}

/**
 * Bodies as files of a folder. A file counts once a committed object names it: what a kill left half written is named
 * by none, and {@link collectBodies} removes it at the next start.
 */
export function folderBodies(folder: string, random: Randomness): Bodies {
  return {
    async write(body) {
      const id = newId(random);
      const path = join(folder, id);
      try {
        const file = await open(path, 'wx', 0o600);
        try {
          await file.writeFile(body);
          await file.datasync();
        } finally {
          await file.close();
        }
        machineDisk.syncFolder(folder);
        return id;
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
    },
    read(id, { first, last }) {
      const fd = openSync(join(folder, id), 'r');
      return createReadStream('', { fd, start: first, end: last });
    },
    remove(id) {
      rmSync(join(folder, id), { force: true });
    },
  };
}

/**
 * Removes every body that no object names.
 *
 * @throws StepupError `sandbox-data-corrupt` if one that an object names is missing or has another length
 */
export function collectBodies(
  folder: string,
  objects: Iterable<{ readonly bodyId: string; readonly sizeBytes: number }>,
): void {
  const strays = new Set(readdirSync(folder));
  for (const { bodyId, sizeBytes } of objects) {
    const file = join(folder, bodyId);
    if (!strays.delete(bodyId)) {
      throw new StepupError('sandbox-data-corrupt', { file, offset: 0, problem: 'the body of an object is missing' });
    }
    const length = statSync(file).size;
    if (length !== sizeBytes) {
      const problem = `the body of an object has ${length} bytes in place of ${sizeBytes}`;
      throw new StepupError('sandbox-data-corrupt', { file, offset: Math.min(length, sizeBytes), problem });
    }
  }
  for (const stray of strays) rmSync(join(folder, stray), { force: true });
}

import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StepupError } from '../errors.ts';
import { tryLock } from '../files/lock.ts';
import { bitsForOthers, makePrivateFolder, PRIVATE_FOLDER_MODE } from '../files/modes.ts';
import { AppendOnlyFile } from './append-only-file.ts';
import { machineDisk } from './disk.ts';
import type { Randomness } from './operation.ts';
import { isBodyId } from './s3/bodies.ts';

/** A sandbox's data folder, held by this process alone until `release`. */
export interface DataFolder {
  readonly journalPath: string;
  readonly bodiesPath: string;
  /** Seals session tokens: sessions outlive a restart because it does. */
  readonly sealingKey: Buffer;
  release(): void;
}

const names = { lock: 'lock', journal: 'journal', bodies: 'objects', sealingKey: 'sealing.key' } as const;
/** Whatever a sandbox makes here, unfinished files too. */
const ours = new Set<string>([...Object.values(names), `${names.journal}.new`, `${names.sealingKey}.new`]);
const sealingKeyBytes = 32;

/**
 * Makes the folder if it isn't there, takes its lock, and narrows it to its owner.
 *
 * @throws StepupError `sandbox-data-in-use`, `sandbox-data-foreign`, `sandbox-data-corrupt`, `unsafe-path`, `file-system`
 */
export async function openDataFolder(folder: string, random: Randomness): Promise<DataFolder> {
  makePrivateFolder(folder);
  refuseForeign(folder);
  const lock = await tryLock(join(folder, names.lock), 'stepup sandbox');
  if (lock === undefined) throw new StepupError('sandbox-data-in-use', { folder });
  try {
    if (bitsForOthers(folder) !== 0) chmodSync(folder, PRIVATE_FOLDER_MODE);
    const bodiesPath = join(folder, names.bodies);
    makePrivateFolder(bodiesPath);
    const sealingKey = readSealingKey(join(folder, names.sealingKey), random);
    machineDisk.syncFolder(folder);
    return { journalPath: join(folder, names.journal), bodiesPath, sealingKey, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Bodies that no object names are removed, so nothing may lie among them that a sandbox didn't put there. */
function refuseForeign(folder: string): void {
  const entry = readdirSync(folder).find((name) => !ours.has(name));
  if (entry !== undefined) throw new StepupError('sandbox-data-foreign', { folder, entry });
  const bodiesPath = join(folder, names.bodies);
  const stats = lstatSync(bodiesPath, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new StepupError('unsafe-path', { path: bodiesPath, problem: 'not-a-folder' });
  const stranger = readdirSync(bodiesPath, { withFileTypes: true }).find(
    (found) => !found.isFile() || !isBodyId(found.name),
  );
  if (stranger !== undefined) {
    throw new StepupError('sandbox-data-foreign', { folder: bodiesPath, entry: stranger.name });
  }
}

function readSealingKey(path: string, random: Randomness): Buffer {
  if (!existsSync(path)) {
    const unfinished = `${path}.new`;
    rmSync(unfinished, { force: true });
    const file = new AppendOnlyFile(unfinished);
    try {
      file.append(random.bytes(sealingKeyBytes));
    } finally {
      file.close();
    }
    renameSync(unfinished, path);
  }
  const key = readFileSync(path);
  if (key.length !== sealingKeyBytes) {
    const problem = `a sealing key has ${sealingKeyBytes} bytes, this one ${key.length}`;
    throw new StepupError('sandbox-data-corrupt', { file: path, offset: 0, problem });
  }
  return key;
}

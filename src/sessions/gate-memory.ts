/**
 * What AWS's answers taught us of gates whose age nobody wrote down: a role that let us in before and refuses a
 * session of age A has a gate below A. One small file a role, beside the cache; losing it costs one prompt.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isStepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { makePrivateFolder } from '../files/modes.ts';
import { readText } from '../files/read.ts';

export interface GateMemory {
  /** It let a session of this base in at least once. */
  readonly hasLetIn: boolean;
  /** The least age that it refused and then a fresh code opened: the gate is at most that. */
  readonly maxAgeSeconds?: number;
  /** The session for which a person was asked already, by its access key id: never twice for one. */
  readonly askedForSession?: string;
}

const nothing: GateMemory = { hasLetIn: false };

export function recallGate(folder: string, baseKeyId: string, roleArn: string): GateMemory {
  try {
    const value: unknown = JSON.parse(readText(pathOf(folder, baseKeyId, roleArn)) ?? 'null');
    return isMemory(value) ? value : nothing;
  } catch {
    return nothing;
  }
}

/** What can't be written (a full disk) is learned again. */
export function rememberGate(folder: string, baseKeyId: string, roleArn: string, memory: GateMemory): void {
  try {
    makePrivateFolder(folder);
    writeFileAtomic(pathOf(folder, baseKeyId, roleArn), `${JSON.stringify(memory)}\n`);
  } catch (error) {
    if (!isStepupError(error)) throw error;
  }
}

function pathOf(folder: string, baseKeyId: string, roleArn: string): string {
  const name = createHash('sha256').update(`${baseKeyId}\n${roleArn}`).digest('hex').slice(0, 32);
  return join(folder, `${name}.json`);
}

function isMemory(value: unknown): value is GateMemory {
  if (typeof value !== 'object' || value === null) return false;
  const { hasLetIn, maxAgeSeconds, askedForSession } = value as Partial<GateMemory>;
  return (
    typeof hasLetIn === 'boolean' &&
    (maxAgeSeconds === undefined || (Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds > 0)) &&
    (askedForSession === undefined || typeof askedForSession === 'string')
  );
}

/**
 * An access key for somebody else: made, encrypted to that person, put down, and named in the user's tags, so that
 * nobody but the person ever holds it in the clear. While `key:pending` stands in the tags, none was handed over: a key
 * that lies there unused is one whose secret went with a run that was stopped, and it is deleted.
 */
import { type Patience, patiently } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { KEY_PENDING, keyPart, tagsOfParts } from '../blueprint/parts.ts';
import { isPassing, isReadAgain } from './persistence.ts';
import type { KeyStep } from './steps.ts';

export interface KeyOfUser {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** IAM for the step's user, one call each, and where the file goes. */
export interface HandOverPorts extends Patience {
  readonly listKeys: () => Promise<readonly string[]>;
  readonly isUnused: (accessKeyId: string) => Promise<boolean>;
  readonly deleteKey: (accessKeyId: string) => Promise<void>;
  readonly createKey: () => Promise<KeyOfUser>;
  readonly tagUser: (tags: { Key: string; Value: string }[]) => Promise<unknown>;
  readonly encrypt: (recipient: string, text: string) => Promise<string>;
  /** Keeps the file, and answers where. */
  readonly save: (encrypted: string) => string;
}

const BOUND_MS = 120_000;
/** A user has two keys at most (IAM User Guide, quotas). */
const MOST_KEYS = 2;

/** Does the step; answers where the file is. Throws StepupError `setup-keys-full`, and what the ports throw. */
export async function handOverKey(setup: string, step: KeyStep, ports: HandOverPorts): Promise<string> {
  const waiting = <T>(work: () => Promise<T>): Promise<T> => patiently(work, isPassing, BOUND_MS, ports);
  const held = await waiting(ports.listKeys);
  const left = step.parts.includes('made') ? await lostKeys(held, ports) : [];
  for (const accessKeyId of left) await waiting(() => ports.deleteKey(accessKeyId));
  if (held.length - left.length >= MOST_KEYS) throw new StepupError('setup-keys-full', { arn: step.target });
  // Not tried again when the answer is lost: the next run finds the key unused, and makes another in its place.
  const key = await ports.createKey();
  const where = ports.save(await ports.encrypt(step.recipient, csvOf(key)));
  const parts = [...step.parts.filter((part) => part !== KEY_PENDING), keyPart(key.accessKeyId)];
  const tags = tagsOfParts(setup, parts).map(({ key: Key, value: Value }) => ({ Key, Value }));
  await waiting(() => ports.tagUser(tags));
  return where;
}

async function lostKeys(held: readonly string[], ports: HandOverPorts): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const accessKeyId of held) {
    if (await patiently(() => ports.isUnused(accessKeyId), isReadAgain, BOUND_MS, ports)) lost.push(accessKeyId);
  }
  return lost;
}

/** As the console's file of a new key, which `stepup keys add --csv` and every script read. */
function csvOf({ accessKeyId, secretAccessKey }: KeyOfUser): string {
  return `Access key ID,Secret access key\n${accessKeyId},${secretAccessKey}\n`;
}

/**
 * A new long-term key in place of the old one, and at no moment none that works: the new key is made and proved before
 * it takes the old one's place, and the old one is deactivated, and only then deleted, once the new one is there.
 *
 * What is done is told by AWS and by the place where the key is kept; the journal tells which keys are ours. So a run
 * that was stopped anywhere is gone on with by the next one. A secret that was lost on the way, between AWS's answer and
 * the place, belongs to a key that the next run deletes (`lost-key.ts`), before it makes another.
 */
import type { LastUse, ListedKey } from '../aws/iam-access-keys.ts';
import { type Patience, patiently } from '../aws/patience.ts';
import { isRefusal } from '../aws/refusal.ts';
import { unlessGone } from '../aws/unless-gone.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { isLostKey } from './lost-key.ts';
import type { BegunRotation, RotationJournal } from './rotation-journal.ts';
import type { StoredKey } from './stored-key.ts';

export interface RotationRequest {
  readonly profile: string;
  readonly userArn: string;
  readonly userName: string;
}

/** IAM, for this user. */
export interface RotationCalls {
  readonly list: () => Promise<readonly ListedKey[]>;
  readonly lastUse: (accessKeyId: string) => Promise<LastUse>;
  readonly create: () => Promise<StoredKey>;
  readonly setActive: (accessKeyId: string, active: boolean) => Promise<void>;
  readonly remove: (accessKeyId: string) => Promise<void>;
  /** `remove`, when the person may have left. */
  readonly removeAtEnd: (accessKeyId: string) => Promise<void>;
}

export interface RotationPorts extends Patience {
  readonly calls: RotationCalls;
  /** The ARN of whose key it is, by a call that it signs. */
  readonly identify: (key: StoredKey) => Promise<string>;
  /** The key as it is kept now. */
  readonly readKey: () => Promise<StoredKey>;
  /** Puts the new key in the old one's place. */
  readonly replaceKey: (old: StoredKey, key: StoredKey) => Promise<void>;
  readonly journal: RotationJournal;
  /** Asks about a key that isn't ours and takes the new one's place; false keeps it. */
  readonly mayRemove: (key: ListedKey, lastUse: LastUse | undefined) => Promise<boolean>;
  readonly onStep: (step: RotationStep) => void;
  /** Registers what must be undone however the program ends. */
  readonly atEnd: (cleanUp: () => Promise<void>) => void;
}

export type RotationStep =
  | { readonly type: 'resumed'; readonly oldKeyId: string; readonly newKeyId: string }
  /** Of an earlier run; its secret is lost. */
  | { readonly type: 'lost-key-deleted'; readonly accessKeyId: string }
  | { readonly type: 'created' | 'proved' | 'in-place' | 'old-inactive' | 'old-deleted'; readonly accessKeyId: string };

export interface Rotated {
  readonly oldKeyId: string;
  readonly newKeyId: string;
}

/** How long AWS may take to know everywhere of a key that it made. */
const CONSISTENCY_MS = 60_000;

/**
 * Rotates the key, or goes on with a rotation. The caller holds a lock for this user.
 * @throws StepupError `rotation-of-another-profile`; `key-limit`; what the ports throw
 */
export async function rotate(request: RotationRequest, ports: RotationPorts): Promise<Rotated> {
  const held = await ports.readKey();
  const begun = ports.journal.read();
  if (begun?.newKeyId === held.accessKeyId) {
    ports.onStep({ type: 'resumed', oldKeyId: begun.oldKeyId, newKeyId: held.accessKeyId });
    await prove(request, held, ports);
    return retireOld(request, held, begun.oldKeyId, ports);
  }
  if (begun !== undefined && begun.oldKeyId !== held.accessKeyId) {
    throw new StepupError('rotation-of-another-profile', { userName: request.userName, profile: begun.profile });
  }
  const fresh = await newKey(request, held, begun, ports);
  return retireOld(request, fresh, held.accessKeyId, ports);
}

async function removeLostKey(begun: BegunRotation, { calls, onStep }: RotationPorts): Promise<void> {
  for (const key of await calls.list()) {
    const { accessKeyId } = key;
    if (begun.keyIdsBefore.includes(accessKeyId)) continue;
    if (!isLostKey(key, await calls.lastUse(accessKeyId), begun)) continue;
    await unlessGone(calls.remove(accessKeyId));
    onStep({ type: 'lost-key-deleted', accessKeyId });
  }
}

/** AWS allows two keys, so one beside ours must go first: it isn't ours, and only its owner knows whether it may. */
async function makeRoom({ userName }: RotationRequest, held: StoredKey, ports: RotationPorts): Promise<void> {
  const { calls, journal, mayRemove } = ports;
  const other = (await calls.list()).find(({ accessKeyId }) => accessKeyId !== held.accessKeyId);
  if (other === undefined) return;
  const { accessKeyId } = other;
  const lastUse = await calls.lastUse(accessKeyId).catch(unknownIfDenied);
  if (!(await mayRemove(other, lastUse))) {
    // Both of the two keys are accounted for, so none is lost.
    journal.clear();
    throw new StepupError('key-limit', { userName, accessKeyId });
  }
  await unlessGone(calls.remove(accessKeyId));
}

/** Made, proved, in place; or gone again. */
async function newKey(
  request: RotationRequest,
  old: StoredKey,
  earlier: BegunRotation | undefined,
  ports: RotationPorts,
): Promise<StoredKey> {
  const { calls, journal, onStep } = ports;
  if (earlier !== undefined) await removeLostKey(earlier, ports);
  await makeRoom(request, old, ports);
  const begun: BegunRotation = {
    profile: request.profile,
    oldKeyId: old.accessKeyId,
    keyIdsBefore: [old.accessKeyId],
    startedAtMs: ports.now(),
  };
  journal.write(begun);
  const fresh = await createKey(request, old, earlier === undefined ? undefined : begun, ports);
  const { accessKeyId } = fresh;
  let isWanted = false;
  let undoing: Promise<void> | undefined;
  const undo = async (): Promise<void> => {
    if (isWanted) return;
    undoing ??= calls.removeAtEnd(accessKeyId).then(journal.clear, () => undefined);
    await undoing;
  };
  ports.atEnd(undo);
  try {
    journal.write({ ...begun, newKeyId: accessKeyId });
    onStep({ type: 'created', accessKeyId });
    await prove(request, fresh, ports);
    onStep({ type: 'proved', accessKeyId });
    // From here on the place may hold it: whether it does is for the next run to see, not for an undoing to guess.
    isWanted = true;
    await ports.replaceKey(old, fresh);
  } catch (error) {
    await undo();
    throw error;
  }
  onStep({ type: 'in-place', accessKeyId });
  return fresh;
}

/**
 * AWS counts keys that it doesn't list yet: one that an earlier run lost a moment ago, or one that somebody else makes.
 * So at the limit it is looked again.
 */
async function createKey(
  request: RotationRequest,
  old: StoredKey,
  resumed: BegunRotation | undefined,
  ports: RotationPorts,
): Promise<StoredKey> {
  const isLimit = (error: unknown): boolean => isRefusal(error, 'LimitExceeded');
  const create = async (): Promise<StoredKey> => {
    try {
      return await ports.calls.create();
    } catch (error) {
      if (isLimit(error)) {
        if (resumed !== undefined) await removeLostKey(resumed, ports);
        await makeRoom(request, old, ports);
      } else if (isPlainNo(error)) {
        ports.journal.clear();
      }
      throw error;
    }
  };
  return patiently(create, isLimit, CONSISTENCY_MS, ports);
}

async function retireOld(
  request: RotationRequest,
  fresh: StoredKey,
  oldKeyId: string,
  ports: RotationPorts,
): Promise<Rotated> {
  const { calls, journal, onStep } = ports;
  await patiently(() => unlessGone(calls.setActive(oldKeyId, false)), isUnknownKey, CONSISTENCY_MS, ports);
  onStep({ type: 'old-inactive', accessKeyId: oldKeyId });
  try {
    await prove(request, fresh, ports);
  } catch (error) {
    // Somebody took the new key away: the old one is the better of the two.
    if (isUnknownKey(error)) await calls.setActive(oldKeyId, true).catch(() => undefined);
    throw error;
  }
  await unlessGone(calls.remove(oldKeyId));
  journal.clear();
  onStep({ type: 'old-deleted', accessKeyId: oldKeyId });
  return { oldKeyId, newKeyId: fresh.accessKeyId };
}

/** A call that the key signs, and that answers for the right user. */
async function prove({ userArn, userName }: RotationRequest, key: StoredKey, ports: RotationPorts): Promise<void> {
  const arn = await patiently(() => ports.identify(key), isUnknownKey, CONSISTENCY_MS, ports);
  if (arn !== userArn) throw new StepupError('key-of-another-user', { accessKeyId: key.accessKeyId, userName, arn });
}

function isUnknownKey(error: unknown): boolean {
  return isStepupError(error, 'key-unknown');
}

/** AWS did nothing; its own failure (5xx) leaves that open. */
function isPlainNo(error: unknown): boolean {
  if (isStepupError(error, 'aws-refused')) return error.fields.status < 500;
  return isStepupError(error, 'iam-policy-missing');
}

function unknownIfDenied(error: unknown): undefined {
  if (isStepupError(error, 'iam-policy-missing')) return undefined;
  throw error;
}

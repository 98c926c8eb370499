/** Whether a key of the user's is one that an interrupted rotation made and nobody has the secret of. */
import type { LastUse, ListedKey } from '../aws/iam-access-keys.ts';
import type { BegunRotation } from './rotation-journal.ts';

/** AWS takes no request from a clock that is further off than this. */
const CLOCK_MS = 5 * 60_000;
/** How long after a rotation began AWS may still have made its key: patience with a busy AWS, and the answer's time limit. */
const ASKING_MS = 2 * 60_000;

/**
 * Only a key that wasn't there before, that is newer, and that was never used is ours to delete. The proof that it works
 * is a use of STS, made by us and by nobody else: it counts for the key that AWS named to us. Any other is somebody's.
 */
export function isLostKey(key: ListedKey, lastUse: LastUse, begun: BegunRotation): boolean {
  if (begun.keyIdsBefore.includes(key.accessKeyId)) return false;
  const isNamed = begun.newKeyId === key.accessKeyId;
  if (begun.newKeyId !== undefined && !isNamed) return false;
  const sinceMs = key.createdAtMs - begun.startedAtMs;
  if (sinceMs < -CLOCK_MS || sinceMs > CLOCK_MS + ASKING_MS) return false;
  return lastUse.type === 'never' || (isNamed && lastUse.service === 'sts');
}

/** The question about a key that this machine knows nothing of, and that stands in a new one's way. */
import type { LastUse, ListedKey } from '../../aws/iam-access-keys.ts';
import { escapeText } from '../../terminal/escape.ts';
import { formatDuration } from '../../terminal/time.ts';
import type { Io } from '../io.ts';

/** False where nobody is there to ask. Throws `interrupted`. */
export async function mayRemoveKey(
  io: Io,
  userName: string,
  { accessKeyId, active, createdAtMs }: ListedKey,
  lastUse: LastUse | undefined,
): Promise<boolean> {
  const terminal = io.openTerminal();
  if (terminal === undefined) return false;
  try {
    const ago = (ms: number): string => `${formatDuration((io.now() - ms) / 1000)} ago`;
    const use =
      lastUse === undefined
        ? 'its last use is unknown'
        : lastUse.type === 'never'
          ? 'never used, as far as AWS knows by now'
          : `last used ${ago(lastUse.usedAtMs)} for ${escapeText(lastUse.service)}`;
    terminal.output.write(
      `User ${escapeText(userName)} has another key, and AWS allows two:\n  ${escapeText(accessKeyId)}, ${active ? 'active' : 'inactive'}, made ${ago(createdAtMs)}, ${use}\nIt isn't this profile's. Whatever uses it stops working without it.\n`,
    );
    const { askYesNo } = await import('../../terminal/prompt.ts');
    return await askYesNo(terminal, {
      message: `Delete ${escapeText(accessKeyId)} for good?`,
      default: false,
      during: 'the question about a second key',
      signal: io.interrupted,
    });
  } finally {
    terminal.close();
  }
}

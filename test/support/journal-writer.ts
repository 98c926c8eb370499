/**
 * A program that commits in a loop until it is killed, and says on stdout which commits were acknowledged. Each puts
 * two rows, so that half a commit could be seen. Arguments: the data folder, and the bytes after which to fold.
 */

import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openDataFolder } from '../../src/sandbox/data-folder.ts';
import { openJournal } from '../../src/sandbox/journal.ts';
import { createState } from '../../src/sandbox/state.ts';

const [dataDir = '', foldAfterBytes = ''] = process.argv.slice(2);
const folder = await openDataFolder(dataDir, { bytes: randomBytes });
const state = createState({ visibleAfterMs: 0, now: () => 0 });
const { log } = openJournal({
  path: folder.journalPath,
  restore: state.restore,
  foldAfterBytes: Number(foldAfterBytes),
});
state.attach(log);
for (let number = (state.get('totpSteps', 'left')?.lastStep ?? 0) + 1; ; number++) {
  const value = { lastStep: number };
  state.commit([
    { table: 'totpSteps', key: 'left', value },
    { table: 'totpSteps', key: 'right', value },
    { table: 'totpSteps', key: `ballast-${number % 20}`, value },
  ]);
  writeSync(1, `${number}\n`);
}

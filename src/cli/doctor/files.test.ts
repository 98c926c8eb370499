import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileModes } from './files.ts';
import type { Facts } from './finding.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-doctor-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What mends the files of a folder of this name. */
async function mends(folder: string, { file, mode }: { readonly file: string; readonly mode: number }) {
  mkdirSync(join(home, folder), { mode: 0o700 });
  const paths = { config: join(home, folder, 'config'), credentials: join(home, folder, 'credentials') };
  for (const path of Object.values(paths)) writeFileSync(path, '', { mode: 0o600 });
  chmodSync(join(home, folder, file), mode);
  const findings = await fileModes.find({ paths } as Facts);
  return findings.map(({ mend }) => mend?.replace(home, 'HOME'));
}

it.each([
  ['aws', 'HOME/aws/credentials'],
  ['my aws', "'HOME/my aws/credentials'"],
  ["$(id)'s", "'HOME/$(id)'\\''s/credentials'"],
])('names a path as a shell reads it: %s', async (folder, word) => {
  expect(await mends(folder, { file: 'credentials', mode: 0o644 })).toEqual([`chmod 600 ${word}`]);
});

it('says of a file that others may write whose path has a space what takes that from them', async () => {
  expect(await mends('my aws', { file: 'config', mode: 0o666 })).toEqual(["chmod go-w 'HOME/my aws/config'"]);
});

it('looks at no file where there is none by /dev/null', async () => {
  const credentials = join(home, 'credentials');
  writeFileSync(credentials, '', { mode: 0o600 });
  expect(await fileModes.find({ paths: { config: devNull, credentials } } as Facts)).toEqual([
    { verdict: 'ok', what: expect.stringContaining(`the files of ${home}, `) },
  ]);
  expect(await fileModes.find({ paths: { config: devNull, credentials: devNull } } as Facts)).toEqual([]);
});

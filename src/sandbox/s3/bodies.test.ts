import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectBodies, folderBodies } from './bodies.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-bodies-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const random = { bytes: randomBytes };

it('keeps bodies in files of their own, readable while they are removed', async () => {
  const bodies = folderBodies(folder, random);
  const id = await bodies.write(Buffer.from('0123456789'));
  expect(statSync(join(folder, id)).mode & 0o777).toBe(0o600);
  const stream = bodies.read(id, { first: 2, last: 4 });
  bodies.remove(id);
  bodies.remove(id);
  expect(await text(stream)).toBe('234');
  expect(() => bodies.read(id, { first: 0, last: 0 })).toThrow('ENOENT');
});

it('removes at the start what no object names', async () => {
  const bodies = folderBodies(folder, random);
  const kept = await bodies.write(Buffer.from('kept'));
  await bodies.write(Buffer.from('orphan'));
  writeFileSync(join(folder, 'half'), '');
  collectBodies(folder, [{ bodyId: kept, sizeBytes: 4 }]);
  expect(readdirSync(folder)).toEqual([kept]);
});

it('names the body that is missing or cut', async () => {
  const id = await folderBodies(folder, random).write(Buffer.from('whole'));
  const file = join(folder, id);
  truncateSync(file, 2);
  const collect = () => collectBodies(folder, [{ bodyId: id, sizeBytes: 5 }]);
  expect(collect).toThrow(expect.objectContaining({ fields: expect.objectContaining({ file, offset: 2 }) }));
  rmSync(file);
  expect(collect).toThrow(expect.objectContaining({ code: 'sandbox-data-corrupt' }));
});

it('leaves nothing when it can not write', async () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  await expect(folderBodies(folder, random).write(Buffer.from('x'))).rejects.toThrow('ENOTDIR');
});

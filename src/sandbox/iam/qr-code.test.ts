import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { enrolmentUri } from '../../totp/seed.ts';
import { qrCodePng } from './qr-code.ts';

const uri = enrolmentUri('A'.repeat(64), 'alice', '111122223333');

test('is a PNG of whole rows whose checksums hold', () => {
  const png = qrCodePng(uri);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(crc32(body)).toBe(png.readUInt32BE(at + 8 + length));
    chunks.set(body.subarray(0, 4).toString(), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const side = chunks.get('IHDR')?.readUInt32BE(0) ?? 0;
  expect(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))).toHaveLength(side * (1 + Math.ceil(side / 8)));
});

const reader = ['zbarimg'].find((program) => spawnSync(program, ['--version']).status === 0);

test.runIf(reader !== undefined)('is read back by a reader of bar codes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepup-qr-'));
  try {
    const file = join(folder, 'qr.png');
    writeFileSync(file, qrCodePng(uri));
    const { stdout } = spawnSync(reader ?? '', ['--quiet', '--raw', file], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(uri);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

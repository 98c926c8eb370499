/** A QR code as it stands on a terminal's screen, in half blocks, made a picture that a reader of pictures takes. */
import { crc32, deflateSync } from 'node:zlib';

const MODULE_PIXELS = 6;
const QUIET_MODULES = 4;

/** The lines of blocks on a screen, as a PNG. */
export function pictureOfBlocks(screen: string): Buffer {
  const lines = screen.split('\n').filter((line) => /[▀▄█]/.test(line) && /^[ ▀▄█]+$/.test(line));
  if (lines.length < 10) throw new Error(`no QR code on the screen:\n${screen}`);
  const rows = lines.flatMap((line) => [
    [...line].map((block) => block === '▀' || block === '█'),
    [...line].map((block) => block === '▄' || block === '█'),
  ]);
  const side = Math.max(rows.length, ...rows.map((row) => row.length)) + 2 * QUIET_MODULES;
  const isDark = (x: number, y: number): boolean => rows[y - QUIET_MODULES]?.[x - QUIET_MODULES] === true;
  return png(side * MODULE_PIXELS, (x, y) => isDark(Math.floor(x / MODULE_PIXELS), Math.floor(y / MODULE_PIXELS)));
}

/** Eight bits of grey a pixel. */
function png(side: number, isDark: (x: number, y: number) => boolean): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(8, 8);
  const pixels = Buffer.alloc(side * (side + 1), 0xff);
  for (let y = 0; y < side; y += 1) {
    pixels[y * (side + 1)] = 0;
    for (let x = 0; x < side; x += 1) if (isDark(x, y)) pixels[y * (side + 1) + 1 + x] = 0;
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

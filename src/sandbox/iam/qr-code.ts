/** A text as a QR code in a PNG image, made at once: the library's own PNG writer answers by a callback only. */
import { crc32, deflateSync } from 'node:zlib';
import QRCode from 'qrcode';

const MODULE_PIXELS = 4;
/** The standard asks for four modules of white around the code. */
const QUIET_MODULES = 4;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function qrCodePng(text: string): Buffer {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const dark = (column: number, row: number) =>
    Math.min(column, row) >= 0 && Math.max(column, row) < modules.size && modules.get(row, column) === 1;
  const sidePixels = (modules.size + 2 * QUIET_MODULES) * MODULE_PIXELS;
  const moduleAt = (pixel: number) => Math.floor(pixel / MODULE_PIXELS) - QUIET_MODULES;
  const rows = Array.from({ length: sidePixels }, (_, y) =>
    bitmapRow(sidePixels, (x) => dark(moduleAt(x), moduleAt(y))),
  );
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(sidePixels)),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** One bit a pixel, grey scale (PNG specification, 11.2.1). */
function header(sidePixels: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(sidePixels, 0);
  data.writeUInt32BE(sidePixels, 4);
  data.writeUInt8(1, 8);
  return data;
}

/** The filter byte (none), then the pixels, eight to a byte; 1 is white. */
function bitmapRow(width: number, isDark: (x: number) => boolean): Buffer {
  const row = Buffer.alloc(1 + Math.ceil(width / 8));
  for (let x = 0; x < width; x++) {
    if (!isDark(x)) row[1 + (x >> 3)] = (row[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  }
  return row;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

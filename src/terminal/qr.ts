/** A text as a QR code for a terminal: two modules a character, one above the other, so that they come out square. */
import QRCode from 'qrcode';

/** Of white around the code. The standard asks for four; cameras are content with two, and windows are low. */
const QUIET_MODULES = 2;

/** By whether the upper and the lower module are dark. */
const BLOCKS = { none: ' ', upper: '▀', lower: '▄', both: '█' } as const;

/** Black on white whatever the terminal's own colours are: these are the colours of the code, not decoration. */
const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

export interface QrPicture {
  readonly lines: readonly string[];
  /** Columns of the terminal. */
  readonly width: number;
}

/** Throws an Error for a text that is too long for any QR code (more than 2,953 bytes). */
export function qrPicture(text: string): QrPicture {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'L' });
  const width = modules.size + 2 * QUIET_MODULES;
  const isDark = (row: number, column: number): boolean => {
    const [y, x] = [row - QUIET_MODULES, column - QUIET_MODULES];
    return Math.min(x, y) >= 0 && Math.max(x, y) < modules.size && modules.get(y, x) === 1;
  };
  const line = (top: number): string =>
    Array.from({ length: width }, (_, column) => block(isDark(top, column), isDark(top + 1, column))).join('');
  const lines = Array.from(
    { length: Math.ceil(width / 2) },
    (_, index) => `${BLACK_ON_WHITE}${line(index * 2)}${RESET}`,
  );
  return { lines, width };
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? BLOCKS.both : BLOCKS.upper;
  return lower ? BLOCKS.lower : BLOCKS.none;
}

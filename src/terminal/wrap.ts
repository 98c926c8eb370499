/** Lines no longer than a terminal is wide, broken at spaces. */
import { displayWidth } from './table.ts';

const WIDEST = 100;
/** A terminal narrower than this breaks lines by itself, where it likes. */
const NARROWEST = 40;

/** How wide text may run: as wide as the terminal, but not so wide that lines are hard to read. */
export function textWidth({ columns }: { readonly columns?: number }): number {
  return Math.max(NARROWEST, Math.min(columns ?? WIDEST, WIDEST));
}

/**
 * Breaks `text` into lines of at most `width` columns. The first begins with `first`, which has no spaces to break at,
 * the others with as many spaces. A word longer than the line stays whole.
 */
export function wrapText(text: string, width: number, first = ''): readonly string[] {
  const indent = ' '.repeat(displayWidth(first));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((content, index) => (index === 0 ? first : indent) + content);
}

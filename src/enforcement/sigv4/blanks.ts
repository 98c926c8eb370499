/**
 * Without spaces and tabs at its ends. The text is one character a byte, so JavaScript's own idea of white space would
 * take bytes of other characters for it (0xA0 is the second one of "à"), and two values that differ would sign alike.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const SPACE = 0x20;
const TAB = 0x09;

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

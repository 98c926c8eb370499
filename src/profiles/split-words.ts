/**
 * Splits a line into words as a POSIX shell would, without expanding anything: white space separates; single quotes
 * keep all as it is; double quotes keep all but `\"` and `\\`; elsewhere a backslash keeps the next character. This is
 * how botocore reads `[profile "with space"]` and a `credential_process` (Python's `shlex.split`).
 * @returns undefined if a quote isn't closed, or a backslash stands at the end
 */
export function splitWords(line: string): string[] | undefined {
  // Most lines need no closer look: printable ASCII without a quote or a backslash.
  if (isPlain(line)) return line.split(' ').filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== undefined && character === quote) {
      quote = undefined;
    } else if (character === '\\' && quote !== "'") {
      at += 1;
      if (at === line.length) return undefined;
      const kept = line.charAt(at);
      word = `${word ?? ''}${quote !== undefined && !'"\\'.includes(kept) ? '\\' : ''}${kept}`;
    } else if (quote !== undefined) {
      word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}

function isPlain(line: string): boolean {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x27 || code === 0x5c) return false;
  }
  return true;
}

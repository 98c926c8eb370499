/**
 * Quoting of a value for each shell that reads what we print. Names and values come from others' files: nothing in
 * them may end the quotes.
 */

/** POSIX shells (sh, bash, zsh, dash): single quotes; a quote inside leaves, is escaped, and enters again. */
export function quotePosix(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** The same for a command that a person reads and pastes: a plain word, such as most paths, stays as it is. */
export function quotePosixWord(value: string): string {
  return /^[\w./:@,+-]+$/.test(value) ? value : quotePosix(value);
}

/** fish: single quotes, in which only backslash and quote are special. */
export function quoteFish(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** PowerShell: single quotes, doubled inside; it takes typographic quotes for quotes as well. */
export function quotePowershell(value: string): string {
  return `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/**
 * cmd.exe has no quoting that holds: inside `set "NAME=value"` a quote ends it and a percent sign expands. Answers
 * undefined for a value that can't be written safely; nothing that AWS hands out has such a character.
 */
export function quoteWindowsCmd(value: string): string | undefined {
  return /["%!^&|<>\r\n]/.test(value) ? undefined : value;
}

/** dotenv files: double quotes with `\`, `"`, `$`, backtick and line ends escaped, as dotenv, Docker Compose and Ruby's dotenv read them. */
export function quoteDotenv(value: string): string {
  if (/^[A-Za-z0-9_./:+=@,-]*$/.test(value)) return value;
  const escaped = value
    .replace(/[\\"$`]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

/**
 * What others wrote (names of profiles, devices and roles, messages of servers, paths) made safe to print. A name may
 * hold ANSI sequences that move the cursor or lie in colour, line breaks that forge a line of ours, or characters
 * that turn the direction of what follows.
 */

/**
 * C0 and C1 controls and DEL; the line and paragraph separators; bidirectional marks, embeddings, overrides and
 * isolates; zero-width and other invisible format characters (tags and variation selectors included); lone surrogates.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is matched by itself, on purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One line of printable text: each unsafe character is shown as `\n`, `\e` or `\u{…}`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** As {@link escapeText}, but line breaks stay: for a text of several lines, such as a diff. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}

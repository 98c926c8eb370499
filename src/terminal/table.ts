/** Columns that line up. */

/** Cells are plain text without colour codes; `paint` colours a cell after its width was measured. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Lines of a table: two spaces between columns, none at the end of a line. Every row has as many cells as the first. */
export function tableLines(rows: readonly (readonly (string | Cell)[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column]?.text ?? ''))),
  );
  return cells.map((row) =>
    row
      .map(({ text, paint }, column) => {
        const last = column === row.length - 1;
        const padding = last ? '' : ' '.repeat((widths[column] ?? 0) - displayWidth(text));
        return `${paint === undefined ? text : paint(text)}${padding}`;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Wide characters (East Asian scripts, emoji) take two columns of a terminal, combining marks none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** In columns of a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{Mn}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** HCL as Terraform's files are written in it: values, and blocks of attributes. */

/** Text that goes into a file as it is: a reference to something else, a call of a function. A class, so that no document can pass for one. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HclValue = string | number | Expression | readonly HclValue[] | { readonly [key: string]: HclValue };

/** A block with its labels: `resource "aws_iam_user" "alice" { … }`. What is undefined is left out. */
export function block(head: string, attributes: Readonly<Record<string, HclValue | undefined>>): string {
  const set = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return `${head} {\n${assignments(set, '  ')}}\n`;
}

/** `jsonencode(…)` of a JSON text: readable, and compared by Terraform as a document. */
export function jsonEncoded(json: string): Expression {
  return new Expression(`jsonencode(${printed(JSON.parse(json), '  ')})`);
}

function printed(value: HclValue, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Expression) return value.text;
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${printed(item, inner)},\n`).join('')}${indent}]`;
  }
  const members = Object.entries(value).map(([key, item]) => [quoted(key), item] as const);
  return members.length === 0 ? '{}' : `{\n${assignments(members, inner)}${indent}}`;
}

/** A line each, the equals signs of neighbours that take one line below each other: what `terraform fmt` leaves as it is. */
function assignments(members: readonly (readonly [name: string, value: HclValue])[], indent: string): string {
  const lines = members.map(([name, value]) => ({ name, text: printed(value, indent) }));
  const isShort = (index: number): boolean => lines[index]?.text.includes('\n') === false;
  const widthAt = (index: number): number => {
    if (!isShort(index)) return 0;
    let [from, to] = [index, index];
    while (isShort(from - 1)) from -= 1;
    while (isShort(to + 1)) to += 1;
    return Math.max(...lines.slice(from, to + 1).map(({ name }) => name.length));
  };
  return lines.map(({ name, text }, index) => `${indent}${name.padEnd(widthAt(index))} = ${text}\n`).join('');
}

/** Quoted as HCL demands; what would begin a template (`${`, `%{`) is text (HCL Native Syntax, Template Literals). */
function quoted(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\x00-\x1f\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[$%](?=\{)/g, '$&$&');
  return `"${escaped}"`;
}

function isList(value: object): value is readonly HclValue[] {
  return Array.isArray(value);
}

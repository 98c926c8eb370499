/**
 * JSON as RFC 8259 has it, read in one pass, with the place of every key and value and no key twice: what JSON.parse
 * doesn't tell. Objects come without a prototype.
 */

export interface JsonText {
  readonly value: unknown;
  /** Line and column (from 1) of a member's value, of its key, or of an array's element; of the whole for what is none. */
  positionOf(container: object, key: string | number, what?: 'key' | 'value'): Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `duplicate`: the text is JSON, but a key stands twice in one object. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly kind: 'syntax' | 'duplicate';
  readonly position: Position;
  /** The keys and indices that lead to the value in which it was found, or to the member that stands twice. */
  readonly path: readonly (string | number)[];

  constructor(kind: 'syntax' | 'duplicate', problem: string, position: Position, path: readonly (string | number)[]) {
    super(problem);
    this.kind = kind;
    this.position = position;
    this.path = path;
  }
}

/** No policy comes near; without a limit a text of brackets could exhaust the stack. */
const MAX_DEPTH = 32;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Throws JsonError. */
export function parseJson(text: string): JsonText {
  return new Parser(text).parse();
}

interface Offsets {
  readonly keys: Map<string | number, number>;
  readonly values: Map<string | number, number>;
}

class Parser {
  readonly #text: string;
  readonly #offsets = new WeakMap<object, Offsets>();
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonText {
    this.#skipSpace();
    const start = this.#at;
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('nothing more');
    const lineStarts = startsOfLines(this.#text);
    return {
      value,
      positionOf: (container, key, what = 'value') => {
        const offsets = this.#offsets.get(container);
        return positionAt(lineStarts, offsets?.[what === 'key' ? 'keys' : 'values'].get(key) ?? start);
      },
    };
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#error('syntax', `nested more than ${MAX_DEPTH} deep`, this.#at);
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): object {
    const object: Record<string, unknown> = Object.create(null);
    const offsets: Offsets = { keys: new Map(), values: new Map() };
    this.#offsets.set(object, offsets);
    this.#at += 1;
    this.#skipSpace();
    if (this.#take('}')) return object;
    for (;;) {
      this.#skipSpace();
      const keyOffset = this.#at;
      if (this.#text[keyOffset] !== '"') throw this.#unexpected('a key in double quotes');
      const key = this.#string();
      this.#path.push(key);
      if (offsets.keys.has(key))
        throw this.#error('duplicate', `the key ${JSON.stringify(key)} stands twice`, keyOffset);
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected('a colon');
      this.#skipSpace();
      offsets.keys.set(key, keyOffset);
      offsets.values.set(key, this.#at);
      object[key] = this.#value(depth + 1);
      this.#path.pop();
      this.#skipSpace();
      if (this.#take('}')) return object;
      if (!this.#take(',')) throw this.#unexpected('a comma or a closing brace');
    }
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    const offsets: Offsets = { keys: new Map(), values: new Map() };
    this.#offsets.set(array, offsets);
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(']')) return array;
    for (;;) {
      this.#skipSpace();
      offsets.values.set(array.length, this.#at);
      this.#path.push(array.length);
      array.push(this.#value(depth + 1));
      this.#path.pop();
      this.#skipSpace();
      if (this.#take(']')) return array;
      if (!this.#take(',')) throw this.#unexpected('a comma or a closing bracket');
    }
  }

  /** Stands on the opening quote. */
  #string(): string {
    const start = this.#at + 1;
    let from = start;
    let read = '';
    for (let at = start; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return read + this.#text.slice(from, at);
      }
      if (code < 0x20) throw this.#error('syntax', 'a control character in a string', at);
      if (code === 0x5c) {
        const { character, length } = this.#escape(at);
        read += this.#text.slice(from, at) + character;
        at += length - 1;
        from = at + 1;
      }
    }
    throw this.#error('syntax', 'a string that nothing closes', start - 1);
  }

  #escape(at: number): { readonly character: string; readonly length: number } {
    const letter = this.#text[at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(at + 2, at + 6);
      if (/^[0-9a-f]{4}$/i.test(digits)) {
        return { character: String.fromCharCode(Number.parseInt(digits, 16)), length: 6 };
      }
    } else if (Object.hasOwn(SIMPLE_ESCAPES, letter)) {
      return { character: SIMPLE_ESCAPES[letter] ?? '', length: 2 };
    }
    throw this.#error('syntax', 'an escape that JSON does not know', at);
  }

  #number(): number {
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (match === null) throw this.#unexpected('a value');
    this.#at = number.lastIndex;
    return Number(match[0]);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value');
    this.#at += word.length;
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(wanted: string): JsonError {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end of the text';
    return this.#error('syntax', `expected ${wanted}, found ${found}`, this.#at);
  }

  #error(kind: 'syntax' | 'duplicate', problem: string, offset: number): JsonError {
    return new JsonError(kind, problem, positionAt(startsOfLines(this.#text), offset), [...this.#path]);
  }
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

function positionAt(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

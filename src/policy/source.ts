import type { Location } from './document.ts';
import { malformed, SYNTAX_ERRORS } from './malformed.ts';

/** Where a document's nodes stand: with lines and columns if it was read from text. */
export interface Source {
  /** The location of `container[key]`, whose JSON path is `path`; of its key if `what` says so. */
  locate(path: string, container: object, key: string | number, what?: 'key' | 'value'): Location;
}

/** A value of the document and how to find it again. */
export interface Node {
  readonly value: unknown;
  readonly path: string;
  readonly container: object;
  readonly key: string | number;
}

/** `$.Statement[0].Condition.StringEquals["aws:username"]`. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  // Most are condition keys: a colon says so before an expression does.
  if (!key.includes(':') && /^[A-Za-z_]\w*$/.test(key)) return `${path}.${key}`;
  return /^[\w:/.-]*$/.test(key) ? `${path}["${key}"]` : `${path}[${JSON.stringify(key)}]`;
}

export function syntaxError(source: Source, node: Node, problem: string, what?: 'key' | 'value'): Error {
  const location = source.locate(node.path, node.container, node.key, what);
  return malformed({ aws: SYNTAX_ERRORS, problem, location });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands in `node` under a name of the grammar: such names need no quotes in a path. */
export function elementNode(node: Node, object: Readonly<Record<string, unknown>>, name: string, value: unknown): Node {
  return { value, path: `${node.path}.${name}`, container: object, key: name };
}

/** What stands in `node` under any key. */
export function childNode(node: Node, object: Readonly<Record<string, unknown>>, key: string): Node {
  return { value: object[key], path: childPath(node.path, key), container: object, key };
}

/** A string, or a list of strings. Throws StepupError for anything else. */
export function readStrings(source: Source, node: Node, name: string): readonly string[] {
  const { value } = node;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw syntaxError(source, node, `${name} must be a string or a list of strings`);
  const odd = value.findIndex((element) => typeof element !== 'string');
  if (odd < 0) return value.slice();
  const child = { value: value[odd], path: childPath(node.path, odd), container: value, key: odd };
  throw syntaxError(source, child, `${name} may hold nothing but strings`);
}

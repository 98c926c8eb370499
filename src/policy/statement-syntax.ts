import { readConditions } from './condition-syntax.ts';
import type { ListElement, Location, PrincipalElement, Statement } from './document.ts';
import { readPrincipal } from './principal-syntax.ts';
import { childNode, childPath, isObject, type Node, readStrings, type Source, syntaxError } from './source.ts';

/** A statement that follows the grammar, before the rules of its kind of policy are held against it. */
export interface DraftStatement extends Omit<Statement, 'effect' | 'action'> {
  /** `Allow` or `Deny`, in any case. */
  readonly effect: string;
  readonly action?: ListElement;
}

/** A draft and where it was read, so that a flaw in one value of a list can be shown in its place. */
export interface Draft {
  readonly statement: DraftStatement;
  readonly node: Node;
}

/** The location of the value that became `values[index]` of the element `name`. */
export function locateValue(source: Source, { node }: Draft, name: string, index: number): Location {
  const statement = node.value;
  if (!isObject(statement)) return source.locate(node.path, node.container, node.key);
  const element = childNode(node, statement, name);
  return Array.isArray(element.value)
    ? source.locate(childPath(element.path, index), element.value, index)
    : source.locate(element.path, statement, name);
}

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Elements that exclude each other; the second is the negation of the first. */
const PAIRS = [
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
] as const;

/** Throws StepupError `malformed-policy`: what is none of the grammar's is a syntax error to IAM. */
export function readStatement(source: Source, node: Node, index: number): Draft {
  const statement = node.value;
  if (!isObject(statement)) throw syntaxError(source, node, 'a statement must be an object');
  for (const key of Object.keys(statement)) {
    if (!ELEMENTS.has(key)) {
      const child = childNode(node, statement, key);
      throw syntaxError(source, child, `${JSON.stringify(key)} is no element of a statement`, 'key');
    }
  }
  for (const [plain, negated] of PAIRS) {
    if (statement[plain] !== undefined && statement[negated] !== undefined) {
      throw syntaxError(source, childNode(node, statement, negated), `${negated} stands beside ${plain}`, 'key');
    }
  }
  const effect = readEffect(source, node, statement);
  const conditions =
    statement['Condition'] === undefined ? [] : readConditions(source, childNode(node, statement, 'Condition'));
  const location = source.locate(node.path, node.container, node.key);
  const draft: Writable<DraftStatement> = { index, effect, conditions, location };
  const sid = readSid(source, node, statement);
  if (sid !== undefined) draft.sid = sid;
  const principal = readPrincipalElement(source, node, statement);
  if (principal !== undefined) draft.principal = principal;
  const action = readList(source, node, statement, 'Action', 'NotAction');
  if (action !== undefined) draft.action = action;
  const resource = readList(source, node, statement, 'Resource', 'NotResource');
  if (resource !== undefined) draft.resource = resource;
  return { statement: draft, node };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

type Members = Readonly<Record<string, unknown>>;

function readSid(source: Source, node: Node, statement: Members): string | undefined {
  const sid = statement['Sid'];
  if (sid === undefined || typeof sid === 'string') return sid;
  throw syntaxError(source, childNode(node, statement, 'Sid'), 'Sid must be a string');
}

function readEffect(source: Source, node: Node, statement: Members): string {
  const effect = statement['Effect'];
  if (effect === 'Allow' || effect === 'Deny') return effect;
  if (effect === undefined) throw syntaxError(source, node, 'the statement has no Effect');
  if (typeof effect === 'string' && /^(allow|deny)$/i.test(effect)) return effect;
  throw syntaxError(source, childNode(node, statement, 'Effect'), 'Effect must be "Allow" or "Deny"');
}

function readPrincipalElement(source: Source, node: Node, statement: Members): PrincipalElement | undefined {
  const negated = statement['NotPrincipal'] !== undefined;
  const name = negated ? 'NotPrincipal' : 'Principal';
  return statement[name] === undefined ? undefined : readPrincipal(source, childNode(node, statement, name), negated);
}

function readList(
  source: Source,
  node: Node,
  statement: Members,
  plain: string,
  negation: string,
): ListElement | undefined {
  const negated = statement[negation] !== undefined;
  const name = negated ? negation : plain;
  if (statement[name] === undefined) return undefined;
  const child = childNode(node, statement, name);
  return {
    negated,
    values: readStrings(source, child, name),
    location: source.locate(child.path, statement, name),
  };
}

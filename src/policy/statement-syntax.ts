import { readConditions } from './condition-syntax.ts';
import type { ListElement, Location, Statement } from './document.ts';
import { readPrincipal } from './principal-syntax.ts';
import {
  childNode,
  childPath,
  elementNode,
  isObject,
  type Node,
  readStrings,
  type Source,
  syntaxError,
} from './source.ts';

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
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const principal = eitherOf(source, node, statement, 'Principal', Principal, NotPrincipal);
  const action = eitherOf(source, node, statement, 'Action', Action, NotAction);
  const resource = eitherOf(source, node, statement, 'Resource', Resource, NotResource);
  const draft: Writable<DraftStatement> = {
    index,
    effect: readEffect(source, node, statement, Effect),
    conditions:
      Condition === undefined ? [] : readConditions(source, elementNode(node, statement, 'Condition', Condition)),
    location: source.locate(node.path, node.container, node.key),
  };
  if (Sid !== undefined) draft.sid = readSid(source, node, statement, Sid);
  if (principal !== undefined) draft.principal = readPrincipal(source, principal.node, principal.negated);
  if (action !== undefined) draft.action = readList(source, action);
  if (resource !== undefined) draft.resource = readList(source, resource);
  return { statement: draft, node };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

type Members = Readonly<Record<string, unknown>>;

function readSid(source: Source, node: Node, statement: Members, sid: unknown): string {
  if (typeof sid === 'string') return sid;
  throw syntaxError(source, elementNode(node, statement, 'Sid', sid), 'Sid must be a string');
}

function readEffect(source: Source, node: Node, statement: Members, effect: unknown): string {
  if (effect === 'Allow' || effect === 'Deny') return effect;
  if (effect === undefined) throw syntaxError(source, node, 'the statement has no Effect');
  if (typeof effect === 'string' && /^(allow|deny)$/i.test(effect)) return effect;
  throw syntaxError(source, elementNode(node, statement, 'Effect', effect), 'Effect must be "Allow" or "Deny"');
}

/** An element, or the negation that may stand in its place. */
interface Given {
  readonly negated: boolean;
  readonly name: string;
  readonly node: Node;
}

function eitherOf(
  source: Source,
  node: Node,
  statement: Members,
  name: string,
  plain: unknown,
  negation: unknown,
): Given | undefined {
  if (negation === undefined) {
    return plain === undefined ? undefined : { negated: false, name, node: elementNode(node, statement, name, plain) };
  }
  const given = { negated: true, name: `Not${name}`, node: elementNode(node, statement, `Not${name}`, negation) };
  if (plain === undefined) return given;
  throw syntaxError(source, given.node, `${given.name} stands beside ${name}`, 'key');
}

function readList(source: Source, { negated, name, node }: Given): ListElement {
  return {
    negated,
    values: readStrings(source, node, name),
    location: source.locate(node.path, node.container, node.key),
  };
}

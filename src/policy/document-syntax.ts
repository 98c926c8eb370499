import type { PolicyDocument, PolicyKind, PolicyVersion, Statement } from './document.ts';
import { findFlaw } from './document-rules.ts';
import { malformed } from './malformed.ts';
import { childNode, childPath, elementNode, isObject, type Node, type Source, syntaxError } from './source.ts';
import { type Draft, readStatement } from './statement-syntax.ts';

const ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const VERSIONS: ReadonlySet<unknown> = new Set<PolicyVersion>(['2008-10-17', '2012-10-17']);

/**
 * A document from its JSON value: first the grammar, then the rules of its kind (IAM User Guide, Grammar of the IAM
 * JSON policy language). Throws StepupError `malformed-policy`.
 */
export function readDocument(value: unknown, kind: PolicyKind, source: Source): PolicyDocument {
  const root: Node = { value, path: '$', container: { value }, key: 'value' };
  if (!isObject(value)) throw syntaxError(source, root, 'a policy must be an object');
  for (const key of Object.keys(value)) {
    if (!ELEMENTS.has(key)) {
      throw syntaxError(source, childNode(root, value, key), `${JSON.stringify(key)} is no element of a policy`, 'key');
    }
  }
  const { Version, Id, Statement: written } = value;
  const version = readVersion(source, root, value, Version);
  const id = readId(source, root, value, Id);
  const drafts = readStatements(source, root, value, written);
  const flaw = findFlaw(source, drafts, kind);
  if (flaw !== undefined) throw malformed(flaw);
  const statements = drafts.map(({ statement }) => statement).filter(isWhole);
  return id === undefined ? { kind, version, statements } : { kind, version, id, statements };
}

/** True of every draft that has no flaw. */
function isWhole(draft: Draft['statement']): draft is Statement {
  return draft.action !== undefined && (draft.effect === 'Allow' || draft.effect === 'Deny');
}

type Members = Readonly<Record<string, unknown>>;

/** Without a Version a document is of the older one. */
function readVersion(source: Source, root: Node, document: Members, version: unknown): PolicyVersion {
  if (version === undefined) return '2008-10-17';
  if (isVersion(version)) return version;
  throw syntaxError(
    source,
    elementNode(root, document, 'Version', version),
    'Version must be "2012-10-17" or "2008-10-17"',
  );
}

function isVersion(value: unknown): value is PolicyVersion {
  return VERSIONS.has(value);
}

function readId(source: Source, root: Node, document: Members, id: unknown): string | undefined {
  if (id === undefined || typeof id === 'string') return id;
  throw syntaxError(source, elementNode(root, document, 'Id', id), 'Id must be a string');
}

function readStatements(source: Source, root: Node, document: Members, written: unknown): readonly Draft[] {
  if (written === undefined) throw syntaxError(source, root, 'the policy has no Statement');
  const node = elementNode(root, document, 'Statement', written);
  if (isObject(written)) return [readStatement(source, node, 0)];
  if (!Array.isArray(written)) throw syntaxError(source, node, 'Statement must be an object or a list of objects');
  if (written.length === 0) throw syntaxError(source, node, 'Statement is empty');
  return written.map((value: unknown, index) =>
    readStatement(source, { value, path: childPath(node.path, index), container: written, key: index }, index),
  );
}

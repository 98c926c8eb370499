/** `stepup.yaml` read: YAML, the shape, the rules across it; whatever is wrong is named with its line and column. */
import { isMap, isNode, isPair, isScalar, LineCounter, type ParsedNode, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { StepupError } from '../../errors.ts';
import type { DesiredState } from './desired-state.ts';
import { resolveDesiredState, SetupFlaw } from './resolve.ts';
import { setupFile } from './setup-file.ts';

type Path = readonly (string | number)[];

/** Far above a hundred users; a file of aliases upon aliases is nobody's setup. */
const MAX_CHARACTERS = 1024 * 1024;

/**
 * Reads the text of a file. Throws StepupError `setup-file` with line and column; the first flaw in the file's own order
 * of checks: YAML, shape, references.
 */
export function readDesiredState(text: string, file: string): DesiredState {
  if (text.length > MAX_CHARACTERS) throw new StepupError('setup-file', { file, path: '$', problem: 'is too long' });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', stringKeys: true });
  const flawAt = (offset: number | undefined, path: Path, problem: string): StepupError => {
    const { line, col } = offset === undefined ? { line: 1, col: 1 } : lines.linePos(offset);
    return new StepupError('setup-file', { file, line, column: col, path: jsonPath(path), problem });
  };
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) throw flawAt(afterSpace(text, broken.pos[0]), [], sentence(broken.message));
  visit(document, {
    Pair: (_, { key }) => {
      // What JavaScript objects keep to themselves would be lost on the way, not read.
      if (isScalar(key) && key.value === '__proto__') throw flawAt(key.range?.[0], [], '__proto__ is no name');
    },
  });
  const read = setupFile.safeParse(plainValue(document.toJS.bind(document), (problem) => flawAt(0, [], problem)));
  if (!read.success) {
    const { path, problem, key } = worstIssue(read.error);
    throw flawAt(offsetOf(document.contents, path, key), key === undefined ? path : [...path, key], problem);
  }
  try {
    return resolveDesiredState(read.data);
  } catch (error) {
    if (!(error instanceof SetupFlaw)) throw error;
    throw flawAt(offsetOf(document.contents, error.at, undefined), error.at, error.message);
  }
}

/** Aliases are followed here, within the library's bound. */
function plainValue(toJs: () => unknown, flaw: (problem: string) => StepupError): unknown {
  try {
    return toJs();
  } catch (error) {
    throw flaw(sentence(error instanceof Error ? error.message : String(error)));
  }
}

/** The library marks some flaws at the end of the line before. */
function afterSpace(text: string, offset: number): number {
  const rest = text.slice(offset);
  const trimmed = rest.trimStart();
  return trimmed === '' ? offset : offset + rest.length - trimmed.length;
}

/** The library's message without the excerpt that it appends. */
function sentence(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/:$/, '');
}

interface Issue {
  readonly path: Path;
  readonly problem: string;
  /** The key itself is wrong, not what stands at it. */
  readonly key?: string;
}

function worstIssue(error: z.ZodError): Issue {
  // A key misspelt explains one that is missing.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  if (issue === undefined) return { path: [], problem: 'is not valid' };
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return { path, key: issue.keys[0] ?? '', problem: 'is no key that is known here' };
    case 'invalid_key': {
      const key = path.at(-1);
      return { path: path.slice(0, -1), key: String(key), problem: issue.issues[0]?.message ?? 'is no name' };
    }
    case 'invalid_type':
      return {
        path,
        problem: /received undefined$/.test(issue.message) ? 'is missing' : `must be ${article(issue.expected)}`,
      };
    default:
      return { path, problem: issue.message };
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
  array: 'a list',
  string: 'text: put it in quotes',
  number: 'a number',
};

function article(expected: string): string {
  return TYPES[expected] ?? `of type ${expected}`;
}

/** Where what a path means begins; where nothing stands there, what would hold it. With `key`, where that key of it is. */
function offsetOf(root: ParsedNode | null, path: Path, key: string | undefined): number | undefined {
  let node: unknown = root;
  let offset: number | undefined = startOf(root);
  for (const [depth, step] of [...path, ...(key === undefined ? [] : [key])].entries()) {
    const isKey = key !== undefined && depth === path.length;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (pair === undefined) return offset;
      // A mapping begins after its key: the key is where a person looks.
      offset = startOf(pair.key) ?? offset;
      if (isKey) return offset;
      node = pair.value;
      if (!isMap(node) && !isEmpty(node)) offset = startOf(node) ?? offset;
    } else if (isNode(node) && 'items' in node) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node.range?.[0] ?? undefined) : undefined;
}

/** `$.roles.ops.enter[0]` */
function jsonPath(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : /^[A-Za-z_][\w-]*$/.test(step)
          ? `${text}.${step}`
          : `${text}[${JSON.stringify(step)}]`,
    '$',
  );
}

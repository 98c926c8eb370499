import { conditionOperators, NULL_OPERATOR } from './conditions/operators.ts';
import { type Condition, operatorName } from './document.ts';
import { childNode, childPath, isObject, type Node, type Source, syntaxError } from './source.ts';

type OperatorName = Pick<Condition, 'operator' | 'ifExists' | 'qualifier'>;

const QUALIFIERS: readonly Condition['qualifier'][] = ['none', 'ForAllValues', 'ForAnyValue'];

/**
 * Every way to write an operator, in lower case: AWS's own documents write some of them so (`bool`), and two that
 * differ in case alone can't stand beside each other. Null goes without IfExists.
 */
const OPERATOR_NAMES = new Map<string, OperatorName>();
for (const operator of [...conditionOperators.keys(), NULL_OPERATOR]) {
  for (const qualifier of QUALIFIERS) {
    for (const ifExists of operator === NULL_OPERATOR ? [false] : [false, true]) {
      const name = { operator, qualifier, ifExists };
      OPERATOR_NAMES.set(operatorName(name).toLowerCase(), name);
    }
  }
}

/** A statement's Condition. Throws StepupError `malformed-policy`. */
export function readConditions(source: Source, node: Node): readonly Condition[] {
  if (!isObject(node.value)) throw syntaxError(source, node, 'Condition must be an object');
  const conditions: Condition[] = [];
  const seen = new Set<string>();
  for (const written of Object.keys(node.value)) {
    const block = childNode(node, node.value, written);
    const keys = block.value;
    if (!isObject(keys)) throw syntaxError(source, block, `${written} must be an object of condition keys`);
    const keyNames = Object.keys(keys);
    // IAM takes an operator that it doesn't know if nothing stands under it.
    if (keyNames.length === 0) continue;
    const lowerCase = written.toLowerCase();
    const name = OPERATOR_NAMES.get(lowerCase);
    if (name === undefined)
      throw syntaxError(source, block, `${JSON.stringify(written)} is no condition operator`, 'key');
    if (seen.has(lowerCase)) throw syntaxError(source, block, `the operator ${written} stands twice`, 'key');
    seen.add(lowerCase);
    for (const key of keyNames) {
      const path = childPath(block.path, key);
      const values = readValues(source, { value: keys[key], path, container: keys, key });
      const { operator, ifExists, qualifier } = name;
      conditions.push({ operator, ifExists, qualifier, key, values, location: source.locate(path, keys, key) });
    }
  }
  return conditions;
}

/** Strings, numbers and Booleans, one or a list. */
function readValues(source: Source, node: Node): readonly string[] {
  const { value } = node;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [readValue(source, node)];
  return value.map((element: unknown, index) =>
    typeof element === 'string'
      ? element
      : readValue(source, { value: element, path: childPath(node.path, index), container: value, key: index }),
  );
}

function readValue(source: Source, node: Node): string {
  const { value } = node;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  throw syntaxError(source, node, 'a condition value must be a string, a number or a Boolean');
}

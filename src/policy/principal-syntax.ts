import type { PrincipalElement, PrincipalValue } from './document.ts';
import { childNode, elementNode, isObject, type Node, readStrings, type Source, syntaxError } from './source.ts';

const TYPES: ReadonlySet<string> = new Set<PrincipalValue['type']>(['AWS', 'Federated', 'Service', 'CanonicalUser']);

function isPrincipalType(text: string): text is PrincipalValue['type'] {
  return TYPES.has(text);
}

/** `"*"`, or an object of types with one principal or a list each. Throws StepupError `malformed-policy`. */
export function readPrincipal(source: Source, node: Node, negated: boolean): PrincipalElement {
  const location = source.locate(node.path, node.container, node.key);
  const { value } = node;
  if (value === '*') return { negated, everyone: true, values: [{ type: 'AWS', value: '*' }], location };
  if (!isObject(value)) throw syntaxError(source, node, 'Principal must be "*" or an object like {"AWS": …}');
  const values: PrincipalValue[] = [];
  for (const type of Object.keys(value)) {
    if (!isPrincipalType(type)) {
      throw syntaxError(source, childNode(node, value, type), `${JSON.stringify(type)} is no type of principal`, 'key');
    }
    for (const principal of readStrings(source, elementNode(node, value, type, value[type]), type))
      values.push({ type, value: principal });
  }
  if (values.length === 0) throw syntaxError(source, node, 'Principal names nobody');
  const everyone = values.some((principal) => principal.type === 'AWS' && principal.value === '*');
  return { negated, everyone, values, location };
}

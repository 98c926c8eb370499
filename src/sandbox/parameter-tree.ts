/**
 * The form parameters of a Query-protocol request as a tree: `Tags.member.1.Key` stands at Tags, member, 1, Key. Made
 * in one pass, so that reading a list of n takes n steps however many parameters were sent.
 */
import type { Parameters } from './operation.ts';

export interface ParameterNode {
  value?: string;
  readonly children: Map<string, ParameterNode>;
}

export function parameterTree(parameters: Parameters): ParameterNode {
  const root = newNode();
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = newNode();
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** The members of a list in the order of their numbers. */
export function listMembers(node: ParameterNode): readonly ParameterNode[] {
  const members = node.children.get('member')?.children ?? new Map<string, ParameterNode>();
  return [...members]
    .filter(([index]) => /^[1-9][0-9]{0,5}$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, member]) => member);
}

function newNode(): ParameterNode {
  return { children: new Map() };
}

/**
 * The form parameters of a Query-protocol request as a tree: `Tags.member.1.Key` stands at Tags, member, 1, Key. Made
 * in one pass, so that reading a list of n takes n steps however many parameters were sent.
 */
import type { Parameters } from './operation.ts';

export interface ParameterNode {
  readonly value: string | undefined;
  readonly children: ReadonlyMap<string, ParameterNode>;
}

interface GrowingNode extends ParameterNode {
  value: string | undefined;
  children: Map<string, GrowingNode>;
}

/** Of every leaf: most parameters are leaves, and a Map of its own for each would be most of the work. */
const NO_CHILDREN: Map<string, GrowingNode> = new Map();

export function parameterTree(parameters: Parameters): ParameterNode {
  const root: GrowingNode = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) {
    const parts = name.includes('.') ? name.split('.') : [name];
    let node = root;
    for (const part of parts) node = childOf(node, part);
    node.value = value;
  }
  return root;
}

/** The members of a list in the order of their numbers. */
export function listMembers(node: ParameterNode): readonly ParameterNode[] {
  const members = node.children.get('member')?.children ?? NO_CHILDREN;
  return [...members]
    .filter(([index]) => /^[1-9][0-9]{0,5}$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, member]) => member);
}

function childOf(node: GrowingNode, part: string): GrowingNode {
  const known = node.children.get(part);
  if (known !== undefined) return known;
  const child: GrowingNode = { value: undefined, children: NO_CHILDREN };
  if (node.children === NO_CHILDREN) node.children = new Map();
  node.children.set(part, child);
  return child;
}

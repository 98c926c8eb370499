import {
  type Condition,
  operatorName,
  type PolicyDocument,
  type PrincipalElement,
  type Statement,
} from './document.ts';

/** The document as JSON text that `parsePolicy` reads back to the same meaning; `indent` as JSON.stringify's. */
export function printPolicy(document: PolicyDocument, indent = 2): string {
  const { version, id, statements } = document;
  return JSON.stringify(
    { Version: version, ...(id === undefined ? {} : { Id: id }), Statement: statements.map(showStatement) },
    undefined,
    indent,
  );
}

function showStatement({ sid, effect, principal, action, resource, conditions }: Statement): object {
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(principal && { [principal.negated ? 'NotPrincipal' : 'Principal']: showPrincipal(principal) }),
    [action.negated ? 'NotAction' : 'Action']: showValues(action.values),
    ...(resource && { [resource.negated ? 'NotResource' : 'Resource']: showValues(resource.values) }),
    ...(conditions.length > 0 && { Condition: showConditions(conditions) }),
  };
}

function showPrincipal({ everyone, values }: PrincipalElement): unknown {
  if (everyone && values.length === 1) return '*';
  const types = new Set(values.map(({ type }) => type));
  return Object.fromEntries(
    [...types].map((type) => [type, showValues(values.filter((one) => one.type === type).map(({ value }) => value))]),
  );
}

function showConditions(conditions: readonly Condition[]): object {
  const blocks = new Map<string, [string, unknown][]>();
  for (const condition of conditions) {
    const operator = operatorName(condition);
    const block = blocks.get(operator) ?? [];
    blocks.set(operator, block);
    block.push([condition.key, showValues(condition.values)]);
  }
  return Object.fromEntries([...blocks].map(([operator, block]) => [operator, Object.fromEntries(block)]));
}

function showValues(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

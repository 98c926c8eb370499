/** The condition keys that policies ask for: in conditions, and as variables in resources and condition values. */
import type { PolicyDocument } from '../../policy/document.ts';
import type { Call } from '../operation.ts';
import type { InputOf } from './parameters.ts';
import { givenPolicies, principalPolicies } from './policy-sources.ts';

/** As they are written first, each once; keys are the same without regard to case. */
export function contextKeysOf(documents: readonly PolicyDocument[]): readonly string[] {
  const keys = new Map<string, string>();
  for (const key of documents.flatMap(keysOf)) {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key);
  }
  return [...keys.values()];
}

function keysOf({ version, statements }: PolicyDocument): readonly string[] {
  const conditions = statements.flatMap((statement) => statement.conditions);
  const texts = [
    ...statements.flatMap(({ resource }) => resource?.values ?? []),
    ...conditions.flatMap(({ values }) => values),
  ];
  // Under the older version a variable is plain text.
  const variables = version === '2012-10-17' ? texts.flatMap(variablesOf) : [];
  return [...conditions.map(({ key }) => key), ...variables];
}

/** `${aws:username, 'nobody'}` asks for `aws:username`; `${*}`, `${?}` and `${$}` are literals. */
function variablesOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/\$\{\s*([^*?$,}\s]+)\s*(?:,[^}]*)?\}/g), ([, key = '']) => key);
}

function getContextKeysForCustomPolicy(_: Call, input: InputOf<'GetContextKeysForCustomPolicy'>) {
  const sources = givenPolicies('PolicyInputList', input.PolicyInputList, 'identity');
  return { ContextKeyNames: contextKeysOf(sources.map(({ document }) => document)) };
}

function getContextKeysForPrincipalPolicy(call: Call, input: InputOf<'GetContextKeysForPrincipalPolicy'>) {
  const sources = [
    ...principalPolicies(call, input.PolicySourceArn).policies,
    ...givenPolicies('PolicyInputList', input.PolicyInputList ?? [], 'identity'),
  ];
  return { ContextKeyNames: contextKeysOf(sources.map(({ document }) => document)) };
}

export const contextKeyHandlers = {
  GetContextKeysForCustomPolicy: getContextKeysForCustomPolicy,
  GetContextKeysForPrincipalPolicy: getContextKeysForPrincipalPolicy,
};

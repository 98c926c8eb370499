/**
 * The values that each condition key may take in a search for a request: one for every way in which the conditions on
 * it can come out together. If the search fails with all of them, no other value would have helped.
 */
import type { PreparedCondition } from '../conditions/condition.ts';
import type { RequestContext } from '../context.ts';
import { parseTemplate, type ResolvedPart, resolveTemplate, type TemplatePart } from '../variables.ts';
import { isSingleValued } from './key-arity.ts';
import { type StringPattern, stringClasses } from './string-classes.ts';
import { addressExamples, dateExamples, type Examples, numberExamples } from './threshold-examples.ts';
import { type ValueKind, valueKindOf } from './value-pattern.ts';

/** The values of a key in a request; `absent`: the request doesn't have it. */
export type KeyValue = readonly string[] | 'absent';

export interface Candidates {
  /** The likelier first: a value before absence, one value before several. */
  readonly values: readonly KeyValue[];
  /** False where some way for the conditions to come out may have no candidate. */
  readonly complete: boolean;
}

/** A condition that can matter, and whether `${…}` means something in it. */
export interface RelevantCondition {
  readonly condition: PreparedCondition;
  readonly variables: boolean;
}

export interface CandidateSources {
  readonly conditions: readonly RelevantCondition[];
  /** Resource patterns with variables in them, and the resource of the request. */
  readonly resourceTemplates: readonly (readonly TemplatePart[])[];
  readonly resource: string;
  /** Keys whose value is given, in lower case. */
  readonly fixed: ReadonlyMap<string, KeyValue>;
}

/** Lists of values of a multi-valued key: beyond this many the candidates are said to be incomplete. */
const MAX_LISTS = 2000;
/** Texts that are tried for keys tied by a variable. */
const MAX_GUESSES = 60;

/** The keys that a condition reads: its own and those of its variables, in lower case. */
export function keysOf({ condition, variables }: RelevantCondition): readonly string[] {
  return [condition.key, ...variableKeysOf(condition, variables)];
}

function variableKeysOf(condition: PreparedCondition, variables: boolean): readonly string[] {
  return condition.source.values.flatMap((value) => variableKeys(partsOf(value, variables)));
}

/** The keys of a template's variables. */
export function variableKeys(parts: readonly TemplatePart[]): readonly string[] {
  return parts.flatMap((part) => (part.kind === 'variable' ? [part.key] : []));
}

function partsOf(value: string, variables: boolean): readonly TemplatePart[] {
  return (variables ? parseTemplate(value) : undefined) ?? [{ kind: 'text', text: value }];
}

/**
 * Candidates for a key that the conditions and templates read and that isn't fixed, worked out when a key is first
 * asked for. A variable whose key isn't fixed ties two keys together: then likely values are tried, and the candidates
 * of both are said to be incomplete.
 */
export function candidatesOf(sources: CandidateSources): (key: string) => Candidates {
  const { conditions, fixed } = sources;
  const tied = tiedKeys(sources);
  const guesses = tied.size === 0 ? [] : guessesFor(sources);
  const known = new Map<string, Candidates>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const own = conditions.filter(({ condition }) => condition.key === key);
    const isTied = tied.has(key);
    const examples = examplesFor(own, fixed, isTied ? guesses : []);
    const distinguish = (values: readonly KeyValue[]) => (isTied ? values : distinguished(values, key, own, fixed));
    const lists = listsOf(key, own, distinguish(examples.values.map((value) => [value])));
    const complete = examples.complete && lists.complete && !isTied;
    const candidates = { values: distinguish(lists.values), complete };
    known.set(key, candidates);
    return candidates;
  };
}

/** Keys of variables that aren't fixed, and the keys that are compared with them. */
function tiedKeys({ conditions, resourceTemplates, fixed }: CandidateSources): ReadonlySet<string> {
  const tied = new Set(resourceTemplates.flatMap(variableKeys).filter((key) => !fixed.has(key)));
  for (const { condition, variables } of conditions) {
    const open = variableKeysOf(condition, variables).filter((key) => !fixed.has(key));
    for (const key of open) tied.add(key);
    if (open.length > 0) tied.add(condition.key);
  }
  return tied;
}

/** Texts that a tied key may have to equal: literals of any condition, and what stands between the separators of the resource. */
function guessesFor({ conditions, resourceTemplates, resource }: CandidateSources): readonly string[] {
  const literals = conditions.flatMap(({ condition, variables }) =>
    condition.source.values.filter((value) => partsOf(value, variables).every(({ kind }) => kind !== 'variable')),
  );
  const pieces = resourceTemplates.length === 0 ? [] : resource.split(/[:/]/);
  return [...new Set([...literals, ...pieces])].filter((text) => text !== '').slice(0, MAX_GUESSES);
}

/** Single values that tell the conditions on one key apart. */
function examplesFor(
  conditions: readonly RelevantCondition[],
  fixed: ReadonlyMap<string, KeyValue>,
  guesses: readonly string[],
): Examples {
  const context = contextOf(fixed);
  const groups: (readonly StringPattern[])[] = [[NOT_EMPTY], ...guesses.map((guess) => [exactly(guess)])];
  const compared: Record<'number' | 'date' | 'address' | 'bytes', string[]> = {
    number: [],
    date: [],
    address: [],
    bytes: [],
  };
  const kinds = new Set<ValueKind['kind']>();
  let known = true;
  for (const { condition, variables } of conditions) {
    const kind = valueKindOf(condition.source);
    if (kind === undefined) {
      known = false;
      continue;
    }
    if (kind.kind === 'none') continue;
    kinds.add(kind.kind);
    if (kind.kind !== 'text') compared[kind.kind].push(...condition.source.values);
    else {
      const forms = condition.source.values.flatMap((value) =>
        resolvedForms(partsOf(value, variables), context, guesses),
      );
      groups.push(forms.map(kind.compile).filter((pattern) => pattern !== undefined));
    }
  }
  const text = stringClasses(groups);
  const others = [
    kinds.has('number') ? numberExamples(compared.number) : NONE,
    kinds.has('date') ? dateExamples(compared.date) : NONE,
    kinds.has('address') ? addressExamples(compared.address) : NONE,
    kinds.has('bytes') ? { values: compared.bytes, complete: true } : NONE,
  ];
  return {
    // Two kinds on one key would have to be told apart together: "5" and "5.0" are one number and two strings.
    complete: known && kinds.size <= 1 && [text, ...others].every(({ complete }) => complete),
    values: [...new Set([...others.flatMap(({ values }) => values), ...textsByLikelihood(text.examples)])],
  };
}

const NONE: Examples = { values: [], complete: true };

/** Tells the empty string from all others: `Null` and the set operators do. */
const NOT_EMPTY: StringPattern = [
  { type: 'one', exceptColon: false },
  { type: 'star', exceptColon: false },
];

function exactly(text: string): StringPattern {
  return [...text].map((character) => ({ type: 'character', character, ignoreCase: false }));
}

/** A text that some condition asks for is likelier than one that none does; the empty one comes last. */
function textsByLikelihood(examples: readonly string[]): readonly string[] {
  return [...examples].sort((one, two) => (one === '' ? 1 : 0) - (two === '' ? 1 : 0) || two.length - one.length);
}

/** A value of a policy with its variables filled in; several where a variable has several guesses; none where it has no value. */
function resolvedForms(
  parts: readonly TemplatePart[],
  context: RequestContext & { readonly isFixed: (key: string) => boolean },
  guesses: readonly string[],
): readonly (readonly ResolvedPart[])[] {
  const open = variableKeys(parts).find((key) => !context.isFixed(key));
  if (open === undefined) {
    const resolved = resolveTemplate(parts, context);
    return resolved === undefined ? [] : [resolved];
  }
  return guesses.flatMap((guess) => {
    const filled = parts.map((part) =>
      part.kind === 'variable' && part.key === open ? ({ kind: 'literal', text: guess } as const) : part,
    );
    return variableKeys(filled).some((key) => !context.isFixed(key)) ? [] : resolvedForms(filled, context, guesses);
  });
}

function contextOf(
  fixed: ReadonlyMap<string, KeyValue>,
): RequestContext & { readonly isFixed: (key: string) => boolean } {
  return {
    get: (key) => {
      const value = fixed.get(key);
      return value === 'absent' ? undefined : value;
    },
    isFixed: (key) => fixed.has(key),
  };
}

/**
 * The value lists of a key: one value each, and absence. A multi-valued key gets every set of values up to one more
 * than it has conditions: each condition's outcome hangs on one value at most, and one may have to be there besides
 * because only empty ones count as none.
 */
function listsOf(key: string, conditions: readonly RelevantCondition[], single: readonly KeyValue[]): Candidates {
  const isMultiValued =
    !isSingleValued(key) && conditions.some(({ condition }) => condition.source.qualifier !== 'none');
  if (!isMultiValued) return { values: [...single, 'absent'], complete: true };
  const values = [...new Set([...single.flat(), ''])];
  const lists: (readonly string[])[] = values.map((value) => [value]);
  const longest = Math.min(values.length, conditions.length + 1);
  for (const list of lists) {
    if (list.length === longest) break;
    if (lists.length > MAX_LISTS) return { values: [...lists, 'absent'], complete: false };
    for (const value of values.slice(values.indexOf(list.at(-1) ?? '') + 1)) lists.push([...list, value]);
  }
  return { values: [...lists, 'absent'], complete: true };
}

/** One candidate for each way in which the key's conditions come out; the rest would only repeat the search. */
function distinguished(
  values: readonly KeyValue[],
  key: string,
  conditions: readonly RelevantCondition[],
  fixed: ReadonlyMap<string, KeyValue>,
): readonly KeyValue[] {
  const first = new Map<string, KeyValue>();
  for (const value of values) {
    const context = contextOf(new Map([...fixed, [key, value]]));
    const outcome = conditions.map(({ condition }) => (condition.holds(context) ? '1' : '0')).join('');
    if (!first.has(outcome)) first.set(outcome, value);
  }
  return [...first.values()];
}

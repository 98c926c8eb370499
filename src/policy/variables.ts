/**
 * Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the
 * characters themselves. Version 2012-10-17 only; under 2008-10-17 all of it is plain text
 * (IAM User Guide, Policy elements: Variables and tags; Version).
 */
import type { RequestContext } from './context.ts';
import { appendLiteral, appendWildcards, type Reach } from './wildcard.ts';

/** `text` may hold wildcards, `literal` never does. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback?: string };

export type ResolvedPart = Exclude<TemplatePart, { readonly kind: 'variable' }>;

/** Keys that AWS documents as multi-valued: no variable reads them, even where a request has one value for them. */
const MULTI_VALUED = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
  'aws:vpceorgpaths',
]);

const OPENING = '${';
const FALLBACK_OPENING = ", '";
const FALLBACK_CLOSING = "'}";

/** The parts of a text that holds a variable; undefined where there is none, so that the text is all there is. */
export function parseTemplate(text: string): readonly TemplatePart[] | undefined {
  let opening = text.indexOf(OPENING);
  if (opening < 0) return undefined;
  const parts: TemplatePart[] = [];
  const lastClosing = text.lastIndexOf(FALLBACK_CLOSING);
  let from = 0;
  while (opening >= 0) {
    const variable = readVariable(text, opening + OPENING.length, lastClosing);
    if (variable === undefined) break;
    if (opening > from) parts.push({ kind: 'text', text: text.slice(from, opening) });
    parts.push(variable.part);
    from = variable.end;
    opening = text.indexOf(OPENING, from);
  }
  if (parts.length === 0) return undefined;
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/**
 * What stands after `${` up to its brace; undefined where nothing closes it: then it is plain text. `lastClosing`, the
 * place of the last `'}` in the text, spares a search to the end for each default that nothing closes.
 */
function readVariable(
  text: string,
  start: number,
  lastClosing: number,
): { readonly part: TemplatePart; readonly end: number } | undefined {
  const brace = text.indexOf('}', start);
  if (brace < 0) return undefined;
  const name = text.slice(start, brace);
  if (name === '*' || name === '?' || name === '$') return { part: { kind: 'literal', text: name }, end: brace + 1 };
  const comma = name.indexOf(FALLBACK_OPENING);
  if (comma >= 0) {
    const fallbackStart = start + comma + FALLBACK_OPENING.length;
    if (fallbackStart <= lastClosing) {
      const closing = text.indexOf(FALLBACK_CLOSING, fallbackStart);
      const fallback = text.slice(fallbackStart, closing);
      const key = name.slice(0, comma).toLowerCase();
      return { part: { kind: 'variable', key, fallback }, end: closing + FALLBACK_CLOSING.length };
    }
  }
  return { part: { kind: 'variable', key: name.toLowerCase() }, end: brace + 1 };
}

/**
 * The parts with the request's values in them; undefined where a variable has none: its key is absent and it has no
 * default, or the key has several values ("no multi-valued keys as variables").
 */
export function resolveTemplate(
  parts: readonly TemplatePart[],
  context: RequestContext,
): readonly ResolvedPart[] | undefined {
  const resolved: ResolvedPart[] = [];
  for (const part of parts) {
    if (part.kind !== 'variable') {
      resolved.push(part);
      continue;
    }
    const value = valueOfVariable(part.key, part.fallback, context);
    if (value === undefined) return undefined;
    resolved.push({ kind: 'literal', text: value });
  }
  return resolved;
}

function valueOfVariable(key: string, fallback: string | undefined, context: RequestContext): string | undefined {
  const values = MULTI_VALUED.has(key) ? undefined : context.get(key);
  if (values === undefined || values.length === 0) return fallback;
  return values.length === 1 ? values[0] : undefined;
}

/** The resolved parts as one string, wildcards not told apart: for operators that know none. */
export function joinParts(parts: readonly ResolvedPart[]): string {
  return parts.map(({ text }) => text).join('');
}

/** The resolved parts as codes of a pattern (see wildcard.ts); what came from the request holds no wildcard. */
export function patternCodes(parts: readonly ResolvedPart[], reach: Reach): readonly number[] {
  const codes: number[] = [];
  parts.forEach((part, index) => {
    if (part.kind === 'literal') appendLiteral(codes, part.text);
    else appendWildcards(codes, part.text, reach, followingText(parts, index));
  });
  return codes;
}

/** What comes right after part `index`; empty values from the request don't count. */
function followingText(parts: readonly ResolvedPart[], index: number): string {
  for (let next = index + 1; next < parts.length; next += 1) {
    const text = parts[next]?.text;
    if (text !== undefined && text !== '') return text;
  }
  return '';
}

import { compileCondition, type PreparedCondition } from './conditions/condition.ts';
import type { RequestContext } from './context.ts';
import type { ListElement, PolicyVersion, PrincipalElement, Statement } from './document.ts';
import { parseTemplate, patternCodes, resolveTemplate, type TemplatePart } from './variables.ts';
import { compilePattern, matchesCodes, matchesPattern, type Pattern } from './wildcard.ts';

/**
 * One statement, made ready to be asked: each method answers for one element, negation included. Elements are compiled
 * when they are first asked, so that a document read for one question pays for no more than that question needs.
 */
export class PreparedStatement {
  readonly source: Statement;
  readonly principal: PrincipalElement | undefined;
  readonly #version: PolicyVersion;
  #action: Compiled<Pattern> | undefined;
  #resource: Compiled<ResourcePattern> | undefined;
  #conditions: readonly PreparedCondition[] | undefined;

  constructor(source: Statement, version: PolicyVersion) {
    this.source = source;
    this.principal = source.principal;
    this.#version = version;
  }

  /** All but the principal. */
  covers(actionInLowerCase: string, resource: string, context: RequestContext): boolean {
    return (
      this.coversAction(actionInLowerCase) && this.coversResource(resource, context) && this.conditionsHold(context)
    );
  }

  coversAction(actionInLowerCase: string): boolean {
    this.#action ??= compile(this.source.action, (value) => compilePattern(value.toLowerCase(), 'text'));
    const { negated, patterns } = this.#action;
    for (const pattern of patterns) {
      if (matchesPattern(pattern, actionInLowerCase)) return !negated;
    }
    return negated;
  }

  /** Without a Resource element (trust policies) a statement is about the resource that it is attached to. */
  coversResource(resource: string, context: RequestContext): boolean {
    if (this.#resource === undefined) {
      if (this.source.resource === undefined) return true;
      this.#resource = compile(this.source.resource, (value) => compileResource(value, this.#version));
    }
    const { negated, patterns } = this.#resource;
    let unresolved = false;
    for (const pattern of patterns) {
      const outcome = matchesResource(pattern, resource, context);
      if (outcome === true) return !negated;
      if (outcome === undefined) unresolved = true;
    }
    // doubt: a variable without a value under NotResource "might cause the entire statement to be invalid".
    return negated && !(unresolved && this.source.effect === 'Allow');
  }

  conditionsHold(context: RequestContext): boolean {
    for (const condition of this.conditions) {
      if (!condition.holds(context)) return false;
    }
    return true;
  }

  get conditions(): readonly PreparedCondition[] {
    this.#conditions ??= this.source.conditions.map((condition) =>
      compileCondition(condition, this.#version, this.source.effect),
    );
    return this.#conditions;
  }
}

/** A list element with its values compiled. */
interface Compiled<P> {
  readonly negated: boolean;
  readonly patterns: readonly P[];
}

function compile<P>({ negated, values }: ListElement, pattern: (value: string) => P): Compiled<P> {
  return { negated, patterns: values.map(pattern) };
}

/** A template where variables stand in the pattern. */
type ResourcePattern = Pattern | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] };

function compileResource(text: string, version: PolicyVersion): ResourcePattern {
  const parts = version === '2012-10-17' ? parseTemplate(text) : undefined;
  return parts === undefined ? compilePattern(text, 'segments') : { kind: 'template', parts };
}

/** Undefined: a variable has no value, so it matches nothing. */
function matchesResource(pattern: ResourcePattern, resource: string, context: RequestContext): boolean | undefined {
  if (pattern.kind !== 'template') return matchesPattern(pattern, resource);
  const parts = resolveTemplate(pattern.parts, context);
  return parts && matchesCodes(patternCodes(parts, 'segments'), resource);
}

/**
 * Shapes of request parameters, put together in tables, and the reader that holds a request against one. Lengths,
 * patterns and enums are those of IAM's service model (2010-05-08); the sentences are what IAM answers. Names and paths
 * have sentences of their own, which come only if no constraint of the model is hurt.
 */
import { Refusal } from '../enforcement/refusal.ts';
import type { Parameters } from './operation.ts';
import { listMembers, type ParameterNode, parameterTree } from './parameter-tree.ts';

/** Reads one parameter. `field` is its name as IAM's messages write it: `tags.1.member.key`. */
export interface Shape<T> {
  /** `undefined` only if something was found. */
  readonly read: (node: ParameterNode, field: string, findings: Findings) => T | undefined;
  /** What a list of these says of a member that doesn't fit; absent for structures, which say it themselves. */
  readonly constraints?: readonly string[];
}

/** `constraints` are violations of the model, `sentences` IAM's own words. */
interface Findings {
  readonly constraints: string[];
  readonly sentences: string[];
  /** STS repeats the value that it complains of, IAM no longer does. */
  readonly quotesValues: boolean;
}

interface Field<T> {
  readonly shape: Shape<T>;
  readonly required: boolean;
}

export interface RequiredField<T> extends Field<T> {
  readonly required: true;
}

export interface OptionalField<T> extends Field<T> {
  readonly required: false;
}

export type Fields = Readonly<Record<string, RequiredField<unknown> | OptionalField<unknown>>>;

export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends RequiredField<infer T>
    ? T
    : F[K] extends OptionalField<infer T>
      ? T | undefined
      : never;
};

export function required<T>(shape: Shape<T>): RequiredField<T> {
  return { shape, required: true };
}

export function optional<T>(shape: Shape<T>): OptionalField<T> {
  return { shape, required: false };
}

export interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  /** As the model writes it (AWS prints it), with `expression` the same for JavaScript, anchored. */
  readonly pattern?: { readonly printed: string; readonly expression: RegExp };
  /** IAM's own sentence in place of the model's for the pattern and an empty value. */
  readonly own?: { readonly expression: RegExp; readonly sentence: (field: string) => string };
}

export function text(limits: TextLimits): Shape<string> {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, own } = limits;
  const tests: readonly (readonly [sentence: string, holds: (value: string) => boolean])[] = [
    ...(limits.max === undefined
      ? []
      : [[`Member must have length less than or equal to ${max}`, (value: string) => value.length <= max] as const]),
    ...(limits.min === undefined || own !== undefined
      ? []
      : [[`Member must have length greater than or equal to ${min}`, (value: string) => value.length >= min] as const]),
    ...(pattern === undefined
      ? []
      : [
          [
            `Member must satisfy regular expression pattern: ${pattern.printed}`,
            (value: string) => pattern.expression.test(value),
          ] as const,
        ]),
  ];
  return {
    constraints: tests.map(([sentence]) => sentence),
    read: (node, field, findings) => {
      const value = node.value ?? '';
      for (const [sentence, holds] of tests) {
        if (!holds(value)) findings.constraints.push(violation(findings, field, sentence, value));
      }
      if (own !== undefined && !own.expression.test(value)) findings.sentences.push(own.sentence(field));
      return value;
    },
  };
}

export function oneOf<const V extends string>(values: readonly V[]): Shape<V> {
  const sentence = 'Member must satisfy enum value set';
  return {
    constraints: [`${sentence}: [${values.join(', ')}]`],
    read: (node, field, findings) => {
      const value = values.find((known) => known === node.value);
      if (value === undefined) findings.constraints.push(violation(findings, field, sentence));
      return value;
    },
  };
}

export function integer(min: number, max: number): Shape<number> {
  return {
    read: (node, field, findings) => {
      const value = /^-?\d{1,15}$/.test(node.value ?? '') ? Number(node.value) : Number.NaN;
      const complain = (sentence: string) =>
        findings.constraints.push(violation(findings, field, sentence, node.value ?? ''));
      if (Number.isNaN(value)) complain('Member must be an integer');
      if (value > max) complain(`Member must have value less than or equal to ${max}`);
      if (value < min) complain(`Member must have value greater than or equal to ${min}`);
      return value;
    },
  };
}

export const flag: Shape<boolean> = {
  read: (node, field, findings) => {
    const value = node.value?.toLowerCase();
    if (value !== 'true' && value !== 'false') {
      findings.constraints.push(violation(findings, field, 'Member must satisfy enum value set'));
    }
    return value === 'true';
  },
};

export function list<T>(of: Shape<T>, max = Number.POSITIVE_INFINITY): Shape<readonly T[]> {
  return {
    read: (node, field, findings) => {
      const members = listMembers(node);
      if (members.length > max) {
        findings.constraints.push(violation(findings, field, `Member must have length less than or equal to ${max}`));
        return undefined;
      }
      const { constraints } = of;
      const inner: Findings = constraints === undefined ? findings : { ...findings, constraints: [], sentences: [] };
      const values = members.map((member, index) => of.read(member, `${field}.${index + 1}.member`, inner));
      if (constraints !== undefined && inner.constraints.length > 0) {
        const all = [...constraints, 'Member must not be null'].join(', ');
        findings.constraints.push(violation(findings, field, `Member must satisfy constraint: [${all}]`));
      }
      if (inner !== findings) findings.sentences.push(...inner.sentences);
      return values.filter((value) => value !== undefined);
    },
  };
}

export function structure<F extends Fields>(fields: F): Shape<ValuesOf<F>> {
  return { read: (node, field, findings) => readFields(fields, node, `${field}.`, findings) };
}

/**
 * Holds a request's parameters against `fields`; what isn't asked for is ignored, as AWS does. Throws the Refusal
 * `ValidationError` with all that was found.
 */
export function readParameters<F extends Fields>(
  fields: F,
  parameters: Parameters,
  { quotesValues = false }: { readonly quotesValues?: boolean } = {},
): ValuesOf<F> {
  const findings: Findings = { constraints: [], sentences: [], quotesValues };
  const values = readFields(fields, parameterTree(parameters), '', findings);
  const { constraints, sentences } = findings;
  if (constraints.length > 0) {
    const count = `${constraints.length} validation error${constraints.length === 1 ? '' : 's'} detected`;
    throw new Refusal('ValidationError', 400, `${count}: ${constraints.join('; ')}`);
  }
  if (sentences[0] !== undefined) throw new Refusal('ValidationError', 400, sentences[0]);
  return values;
}

function readFields<F extends Fields>(fields: F, node: ParameterNode, prefix: string, findings: Findings): ValuesOf<F> {
  const values: Record<string, unknown> = {};
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    const child = node.children.get(name);
    if (child !== undefined) {
      values[name] = field.shape.read(child, fieldName(prefix, name), findings);
      continue;
    }
    if (field.required) {
      findings.constraints.push(violation(findings, fieldName(prefix, name), 'Member must not be null', null));
    }
  }
  // The values are as `fields` says, or something was found and nobody sees them.
  return values as ValuesOf<F>;
}

function fieldName(prefix: string, name: string): string {
  return prefix + name.charAt(0).toLowerCase() + name.slice(1);
}

function violation(findings: Findings, field: string, sentence: string, value?: string | null): string {
  const quoted = value === null ? ' null' : ` '${value}'`;
  const subject = findings.quotesValues && value !== undefined ? `Value${quoted}` : 'Value';
  return `${subject} at '${field}' failed to satisfy constraint: ${sentence}`;
}

/**
 * A policy document as meaning: what `parse.ts` (from text) and `read.ts` (from an object) make, and what every other
 * file of this room reads. Wildcards and variables are still as written; `prepare.ts` compiles them.
 */

/** Which rules hold for the document: who may write a Principal, which elements are demanded, the size limit. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp';

export type PolicyVersion = '2008-10-17' | '2012-10-17';

/** Where a node stands. `path` is a JSON path (`$.Statement[0].Action`); line and column (1-based) only if read from text. */
export interface Location {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

export interface PolicyDocument {
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  readonly id?: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Absent in identity, boundary, session and service control policies. */
  readonly principal?: PrincipalElement;
  readonly action: ListElement;
  /** Absent in trust policies. */
  readonly resource?: ListElement;
  readonly conditions: readonly Condition[];
  readonly location: Location;
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: `negated` tells which. */
export interface ListElement {
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly location: Location;
}

export interface PrincipalElement {
  readonly negated: boolean;
  /** `Principal: "*"` is `{ type: 'AWS', value: '*' }` with `everyone` true. */
  readonly everyone: boolean;
  readonly values: readonly PrincipalValue[];
  readonly location: Location;
}

export interface PrincipalValue {
  readonly type: 'AWS' | 'Federated' | 'Service' | 'CanonicalUser';
  readonly value: string;
}

export interface Condition {
  /** Without qualifier and suffix: `StringEquals`, in AWS's own capitals however it was written. */
  readonly operator: string;
  readonly ifExists: boolean;
  readonly qualifier: 'none' | 'ForAllValues' | 'ForAnyValue';
  /** As written; compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
  readonly location: Location;
}

/** `ForAnyValue:StringLikeIfExists`: the operator as a policy writes it. */
export function operatorName({
  qualifier,
  operator,
  ifExists,
}: Pick<Condition, 'qualifier' | 'operator' | 'ifExists'>): string {
  return `${qualifier === 'none' ? '' : `${qualifier}:`}${operator}${ifExists ? 'IfExists' : ''}`;
}

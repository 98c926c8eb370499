import type { PolicyDocument } from './document.ts';

/** A document compiled for evaluation; made once, used for any number of requests. Its insides are this room's own. */
export interface PreparedPolicy {
  readonly document: PolicyDocument;
}

export declare function preparePolicy(document: PolicyDocument): PreparedPolicy;

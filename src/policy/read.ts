import type { PolicyDocument, PolicyKind } from './document.ts';

/** A policy document from an already parsed JSON value. Throws StepupError `malformed-policy` with a JSON path. */
export declare function readPolicy(value: unknown, kind: PolicyKind): PolicyDocument;

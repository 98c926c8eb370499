import type { PolicyDocument, PolicyKind } from './document.ts';

/** A policy document from its JSON text. Throws StepupError `malformed-policy` with line, column and JSON path. */
export declare function parsePolicy(text: string, kind: PolicyKind): PolicyDocument;

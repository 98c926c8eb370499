import type { PolicyDocument } from './document.ts';

/** The document as JSON text that `parsePolicy` reads back to the same meaning; `indent` as of JSON.stringify. */
export declare function printPolicy(document: PolicyDocument, indent?: number): string;

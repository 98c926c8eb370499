/**
 * The one error type of stepup. An error is a stable code and its fields; the sentence that a person reads is made
 * at the edge, in `cli/wording.ts`, where the compiler asks for a wording of every code below.
 *
 * To add an error: add a line here, and the wording there. Fields never hold a secret or a code.
 */
export interface ErrorFields {
  /** The command line or an option's value can't be understood. */
  'usage': { readonly problem: string; readonly hint?: string };
  /** A policy document does not parse; `aws` is what AWS would answer (`MalformedPolicyDocument: …`). */
  'malformed-policy': {
    readonly aws: string;
    readonly problem: string;
    readonly path: string;
    readonly line?: number;
    readonly column?: number;
  };
  /** Something that can't be: a defect of stepup, not of its input. */
  'internal': { readonly problem: string };
}

export type ErrorCode = keyof ErrorFields;

/** `error.code` narrows `error.fields` (see {@link isStepupError}). */
export class StepupError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'StepupError';
  readonly code: Code;
  readonly fields: ErrorFields[Code];

  constructor(code: Code, fields: ErrorFields[Code], options?: { readonly cause?: unknown }) {
    super(code, options);
    this.code = code;
    this.fields = fields;
  }
}

/** True for a StepupError of this code; without a code, for any. */
export function isStepupError<Code extends ErrorCode = ErrorCode>(error: unknown, code?: Code): error is StepupError<Code> {
  return error instanceof StepupError && (code === undefined || error.code === code);
}

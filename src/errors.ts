/**
 * The one error type of stepup. An error is a stable code and its fields; the sentence that a person reads is made
 * at the edge, in `cli/wording.ts`, where the compiler asks for a wording of every code below.
 *
 * To add an error: add a line here, and the wording there. Fields never hold a secret or a code.
 */
export interface ErrorFields {
  /** The command line or an option's value can't be understood. */
  usage: { readonly problem: string; readonly hint?: string };
  /** A policy document does not parse; `aws` is what AWS would answer (`MalformedPolicyDocument: …`). */
  'malformed-policy': {
    readonly aws: string;
    readonly problem: string;
    readonly path: string;
    readonly line?: number;
    readonly column?: number;
    /** Which document, where there are several: `inline policy S3 of user alice`. */
    readonly document?: string;
  };
  /** The data of an account isn't what GetAccountAuthorizationDetails answers; `path` is a JSON path. */
  'malformed-account': { readonly path: string; readonly problem: string };
  /** Somebody holds a managed policy whose document isn't among the account's data. */
  'account-policy-missing': { readonly arn: string; readonly holder: string };
  /** Ctrl-C, or the end of input, at a prompt. */
  interrupted: { readonly during: string };
  /** The system refused an operation on a file; `code` is its own (`EACCES`, `ENOSPC`). */
  'file-system': { readonly code: string; readonly path: string; readonly operation: string };
  /** Another process held the lock for longer than we wait; who it is comes from the lock file and is only a hint. */
  'lock-timeout': {
    readonly path: string;
    readonly waitedMs: number;
    readonly holder?: { readonly pid: number; readonly program: string };
  };
  /** This system has no kernel lock that we know how to take, so nothing that needs one is written. */
  'lock-unavailable': { readonly problem: string };
  /** A path that we won't read secrets from or write to, because of what lies there or who could change it. */
  'unsafe-path': { readonly path: string; readonly problem: PathProblem };
  /** Another program listens on this port of 127.0.0.1. */
  'port-in-use': { readonly port: number };
  /** Another sandbox holds the data folder. */
  'sandbox-data-in-use': { readonly folder: string };
  /** A file of the data folder isn't what a sandbox wrote, from byte `offset` on. */
  'sandbox-data-corrupt': { readonly file: string; readonly offset: number; readonly problem: string };
  /** The folder given for a sandbox's data holds other things (`entry` is one of them). */
  'sandbox-data-foreign': { readonly folder: string; readonly entry: string };
  /** The data folder was written by a newer sandbox, which this one can't read. */
  'sandbox-data-newer': { readonly file: string; readonly version: number; readonly supported: number };
  /** A local endpoint's client was answered before the credentials were there: a person is being asked, or AWS is slow. */
  'credentials-pending': Record<string, never>;
  /** A value that the named shell has no safe way to write. */
  'unquotable-value': { readonly variable: string; readonly shell: string };
  /** Something that can't be: a defect of stepup, not of its input. */
  internal: { readonly problem: string };
}

/** What is wrong with a path: see `files/modes.ts`. */
export type PathProblem =
  | 'missing'
  | 'symbolic-link'
  | 'not-a-regular-file'
  | 'not-a-folder'
  | 'owned-by-another'
  | 'writable-by-others'
  | 'readable-by-others'
  | 'not-utf-8';

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
export function isStepupError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: Code,
): error is StepupError<Code> {
  return error instanceof StepupError && (code === undefined || error.code === code);
}

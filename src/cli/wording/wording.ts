/**
 * What a person reads for each error: what happened, why, and what to do next; and the exit code it ends with. The
 * compiler asks for a row for every code of `errors.ts`. Values from outside are printed as they are here and escaped
 * where the text is put out (`report-error.ts`).
 */
import type { ErrorCode, StepupError } from '../../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { awsRows } from './aws.ts';
import { deliveryRows } from './delivery.ts';
import { fileRows } from './files.ts';
import { guardrailRows } from './guardrails.ts';
import { iamRows } from './iam.ts';
import { keysRows } from './keys.ts';
import { type Row, type Rows, type Wording, wording } from './row.ts';

/** What the system's codes mean to a person. */
const FILE_SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
};

const rows: Rows<ErrorCode> = {
  ...awsRows,
  ...deliveryRows,
  ...fileRows,
  ...guardrailRows,
  ...iamRows,
  ...keysRows,
  usage: {
    exit: ExitCode.usage,
    say: ({ problem, hint }) => wording(problem, { next: hint }),
  },
  'malformed-policy': {
    exit: ExitCode.failed,
    say: ({ aws, problem, path, line, column, document }) =>
      wording(
        `${document === undefined ? 'The policy document' : `The policy document (${document})`} is not valid: ${problem}`,
        {
          why: `at ${path}${line === undefined ? '' : `, line ${line}`}${column === undefined ? '' : `, column ${column}`}; AWS would answer: ${aws}`,
        },
      ),
  },
  'malformed-request': {
    exit: ExitCode.usage,
    say: ({ path, problem }) => wording(`The request can't be evaluated: ${path} ${problem}`),
  },
  'malformed-account': {
    exit: ExitCode.failed,
    say: ({ path, problem }) =>
      wording(`The account's data can't be read: ${path} ${problem}`, {
        next: 'What is read is all that this prints, without --filter: aws iam get-account-authorization-details',
      }),
  },
  'account-policy-missing': {
    exit: ExitCode.failed,
    say: ({ arn, holder }) =>
      wording(`The account's data lacks the policy ${arn}, which ${holder} holds`, {
        next: 'Read the account again without --filter: aws iam get-account-authorization-details',
      }),
  },
  interrupted: {
    exit: ExitCode.interrupted,
    say: ({ during }) => wording(`Stopped at ${during}; nothing was changed`),
  },
  'file-system': {
    exit: ExitCode.failed,
    say: ({ code, path, operation }) =>
      wording(`The system refused to ${operation} ${path}: ${FILE_SYSTEM_REASONS[code] ?? code}`),
  },
  'port-in-use': {
    exit: ExitCode.failed,
    say: ({ port }) =>
      wording(`Another program listens on port ${port} of 127.0.0.1`, {
        next: 'Give another --port, or none for any that is free.',
      }),
  },
  'sandbox-data-in-use': {
    exit: ExitCode.failed,
    say: ({ folder }) =>
      wording(`Another sandbox uses ${folder}`, { next: 'Stop that one, or give this one another --data folder.' }),
  },
  'sandbox-data-corrupt': {
    exit: ExitCode.failed,
    say: ({ file, offset, problem }) =>
      wording(`${file} is damaged from byte ${offset} on: ${problem}`, {
        next: 'Restore the folder from a copy, or start with a new --data folder. Nothing was changed.',
      }),
  },
  'sandbox-data-foreign': {
    exit: ExitCode.failed,
    say: ({ folder, entry }) =>
      wording(`${folder} holds other things than a sandbox's data (${entry})`, {
        next: 'Name an empty folder, or one that does not exist yet.',
      }),
  },
  'sandbox-data-newer': {
    exit: ExitCode.failed,
    say: ({ file, version, supported }) =>
      wording(`${file} was written by a newer stepup (format ${version}; this one reads up to ${supported})`, {
        next: 'Use the newer stepup, or another --data folder.',
      }),
  },
  internal: {
    exit: ExitCode.failed,
    say: ({ problem }) =>
      wording('Something went wrong inside stepup', {
        why: problem,
        next: 'Please report it: it is a defect of stepup.',
      }),
  },
};

/** The words for an error of ours. */
export function wordError<Code extends ErrorCode>(error: StepupError<Code>): Wording {
  const row: Row<Code> = rows[error.code];
  return row.say(error.fields);
}

/** The exit code that an error of ours ends the program with. */
export function exitCodeOf(error: StepupError): ExitCode {
  return rows[error.code].exit;
}

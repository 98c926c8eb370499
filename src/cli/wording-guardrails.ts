/** What a person reads for the errors of `guardrails/`. */
import { ExitCode } from './exit-code.ts';
import { type Rows, wording } from './wording-row.ts';

const REMEDIES = {
  'fewer-roles': 'Give the user fewer roles, or shorter names and paths to the roles.',
  'trust-quota':
    'Split the role, or have the quota raised (Service Quotas, “Role trust policy length”, up to 8192) and say so: trust_quota of the account.',
  'managed-policy': 'Make a managed policy of some of them and name its ARN under managed.',
} as const;

export const guardrailRows: Rows<'setup-file' | 'setup-too-large'> = {
  'setup-file': {
    exit: ExitCode.usage,
    say: ({ file, line, column, path, problem }) =>
      wording(`${file}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${path} ${problem}`, {
        next: 'docs/setup.md describes the format; schema/stepup.schema.json is for editors.',
      }),
  },
  'setup-too-large': {
    exit: ExitCode.failed,
    say: ({ what, size, limit, remedy }) =>
      wording(`${what} would have ${size} characters; AWS takes ${limit}`, { next: REMEDIES[remedy] }),
  },
};

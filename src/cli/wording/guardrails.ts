/** What a person reads for the errors of `guardrails/`. */
import type { SetupRefusal } from '../../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, wording } from './row.ts';

const REMEDIES = {
  'fewer-roles': 'Give the user fewer roles, or shorter names and paths to the roles.',
  'trust-quota':
    'Split the role, or have the quota raised (Service Quotas, “Role trust policy length”, up to 8192) and say so: trust_quota of the account.',
  'managed-policy': 'Make a managed policy of some of them and name its ARN under managed.',
} as const;

/** Each refusal: what would happen, and how to go on. */
const REFUSALS: {
  readonly [T in SetupRefusal['type']]: (
    refusal: Extract<SetupRefusal, { readonly type: T }>,
  ) => readonly [string, string];
} = {
  'own-role': ({ arn, operator }) => [
    `${arn} is the role that you are using (${operator}): the change could lock you out`,
    'Run setup with another administrator’s profile.',
  ],
  'own-user': ({ arn, operator }) => [
    `${arn} is you (${operator}): the change takes rights from you`,
    'Run setup with another administrator’s profile.',
  ],
  'role-in-use': ({ arn, principals }) => [
    `${arn} is entered by what can bring no code: ${principals.join(', ')}`,
    'Give people a role of their own, under another name; or take these out of its trust policy first.',
  ],
  'role-entered': ({ arn, roles }) => [
    `${arn} is entered by sessions of other roles, which can bring no code: ${roles.join(', ')}`,
    'Give people a role of their own, under another name; or take from those roles the right to enter it first.',
  ],
  'last-way-in': ({ arn, operator, perhaps }) => [
    `${arn} is the role that you are using (${operator}), and ${
      perhaps.length === 0
        ? 'nobody would get into it any more'
        : `whether anybody would still get into it hangs on conditions that only a request shows, such as a source address: perhaps ${perhaps.join(', ')}`
    }`,
    'Leave somebody another way into that role first, without such conditions, or run it with another administrator’s profile.',
  ],
  'service-linked': ({ arn }) => [`${arn} belongs to a service of AWS`, 'Name the role otherwise.'],
  'other-setup': ({ arn, setup }) => [
    `${arn} belongs to another setup (${setup})`,
    'Name it otherwise, or take it out of that setup first.',
  ],
  'arn-differs': ({ arn, there }) => [`${arn} is there as ${there}`, 'Give it that name and path in the file.'],
};

function refusalWords(refusal: SetupRefusal): readonly [string, string] {
  const words = REFUSALS[refusal.type] as (one: SetupRefusal) => readonly [string, string];
  return words(refusal);
}

export const guardrailRows: Rows<
  | 'setup-file'
  | 'setup-file-there'
  | 'setup-entry-unproved'
  | 'setup-too-large'
  | 'setup-refused'
  | 'setup-keys-full'
  | 'setup-wrong-account'
  | 'setup-overtaken'
> = {
  'setup-keys-full': {
    exit: ExitCode.failed,
    say: ({ arn }) =>
      wording(`${arn} has two access keys already, and AWS allows no third`, {
        next: 'Delete the one that is not used, or take age_recipient out of the file: the person has a key.',
      }),
  },
  'setup-wrong-account': {
    exit: ExitCode.failed,
    say: ({ label, accountId, caller }) =>
      wording(`The profile of ${label} signs in to another account than ${accountId}: as ${caller}`, {
        next: `Correct accounts.${label} in the file.`,
      }),
  },
  'setup-refused': {
    exit: ExitCode.failed,
    say: ({ refusals }) =>
      wording('The plan must not be carried out as it is', {
        why: refusals.map((refusal) => refusalWords(refusal)[0]).join('; '),
        next: [...new Set(refusals.map((refusal) => refusalWords(refusal)[1]))].join('\n'),
      }),
  },
  'setup-overtaken': {
    exit: ExitCode.failed,
    say: ({ arn }) =>
      wording(`${arn} was made by somebody else in the meantime`, {
        next: 'Look at the new plan: stepup setup --plan-only',
      }),
  },
  'setup-file': {
    exit: ExitCode.usage,
    say: ({ file, line, column, path, problem }) =>
      wording(`${file}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${path} ${problem}`, {
        next: 'docs/setup.md describes the format; schema/stepup.schema.json is for editors.',
      }),
  },
  'setup-entry-unproved': {
    exit: ExitCode.failed,
    say: ({ arn, problems }) =>
      wording(`${arn} is not proved to be a way to the user's rights; nothing was taken from the user`, {
        why: problems.join('; '),
        next: 'Add to the file what the role lacks. AWS may take a minute to show a role just made: the same command goes on from here.',
      }),
  },
  'setup-file-there': {
    exit: ExitCode.failed,
    say: ({ path }) =>
      wording(`${path} is there already, and is not overwritten`, {
        next: 'Name another place: --output FILE, or --output - to print it; or move the old file away.',
      }),
  },
  'setup-too-large': {
    exit: ExitCode.failed,
    say: ({ what, size, limit, remedy }) =>
      wording(`${what} would have ${size} characters; AWS takes ${limit}`, { next: REMEDIES[remedy] }),
  },
};

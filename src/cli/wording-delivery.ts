/** What a person reads for the errors of handing credentials over: `exec`, `credentials`, `serve`, `console`. */
import type { ErrorFields } from '../errors.ts';
import { ExitCode } from './exit-code.ts';
import { type Rows, wording } from './wording-row.ts';

/** Why no code typed here opens the gate, by how the base signs in. */
const GATES: Readonly<Record<ErrorFields['gate-closed-to-base']['baseType'], string>> = {
  sso: 'sessions of Identity Center carry no MFA keys, so a gate that asks for them never opens from there',
  'login-session': 'the sign-in behind it had no MFA, or was too long ago for the gate',
  'credential-process': 'what its program gives carries no fresh MFA',
  environment: 'the credentials of the environment carry no fresh MFA',
  session: 'the session was made elsewhere, without MFA or too long ago for the gate',
  other: 'its credentials carry no fresh MFA',
};

export const deliveryRows: Rows<
  | 'credentials-pending'
  | 'console-unknown-partition'
  | 'console-refused'
  | 'unquotable-value'
  | 'person-needed'
  | 'gate-closed-to-base'
  | 'base-without-credentials'
  | 'no-long-term-key'
  | 'nested-exec'
  | 'code-program-failed'
  | 'program-not-started'
> = {
  'person-needed': {
    exit: ExitCode.needsPerson,
    say: ({ profile, command }) =>
      wording(`The session of ${profile} has ended, and a code is needed`, {
        why: 'this call may not ask for it',
        next: `Run: ${command}`,
      }),
  },
  'gate-closed-to-base': {
    exit: ExitCode.awsRefused,
    say: ({ profile, roleArn, base, baseType }) =>
      wording(`${roleArn} doesn't let ${base} in`, {
        why: GATES[baseType],
        next:
          baseType === 'sso'
            ? 'Let Identity Center be the gate for this role (its own MFA and session length), or enter from a user with a key: stepup login.'
            : `See what AWS said with: stepup explain --profile ${profile}`,
      }),
  },
  'base-without-credentials': {
    exit: ExitCode.awsRefused,
    say: ({ base, detail, command }) =>
      wording(`The profile ${base} gives no credentials`, {
        why: detail,
        next: command === undefined ? undefined : `Run: ${command}`,
      }),
  },
  'no-long-term-key': {
    exit: ExitCode.failed,
    say: ({ profile }) => wording(`${profile} has no long-term key to hand out`, { next: 'Leave --long-term away.' }),
  },
  'nested-exec': {
    exit: ExitCode.failed,
    say: ({ outer }) =>
      wording(`This shell already runs with the credentials of ${outer}`, {
        why: 'what starts from them would be another, shorter session than you may expect',
        next: 'Leave that shell first, or say --nested if it is meant.',
      }),
  },
  'code-program-failed': {
    exit: ExitCode.failed,
    say: ({ program, detail }) => wording(`The mfa_process ${program} gave no code`, { why: detail }),
  },
  'program-not-started': {
    exit: ExitCode.failed,
    say: ({ program, detail }) =>
      wording(`${program} could not be started: ${detail === 'ENOENT' ? 'there is no such program' : detail}`),
  },
  'credentials-pending': {
    exit: ExitCode.failed,
    say: () =>
      wording('The credentials are not there yet', {
        why: 'a code is being asked for, or AWS is slow to answer',
        next: 'Answer the prompt of stepup, then try again.',
      }),
  },
  'console-unknown-partition': {
    exit: ExitCode.failed,
    say: ({ partition }) =>
      wording(`stepup doesn't know where the console of the partition ${partition} is`, {
        next: 'Name the sign-in endpoint with AWS_ENDPOINT_URL_SIGNIN.',
      }),
  },
  'console-refused': {
    exit: ExitCode.awsRefused,
    say: ({ host, status }) =>
      wording(`${host} refused to sign these credentials in (HTTP ${status})`, {
        why: 'the console takes role sessions and GetFederationToken sessions, not an MFA session of a user; --duration only for a role that was entered directly',
        next: 'Give a role profile, without --duration.',
      }),
  },
  'unquotable-value': {
    exit: ExitCode.failed,
    say: ({ variable, shell }) => wording(`The value of ${variable} can't be written safely for ${shell}`),
  },
};

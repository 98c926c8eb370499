/** What a person reads for the errors of handing credentials over: `exec`, `credentials`, `serve`, `console`. */
import type { ErrorFields } from '../../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, wording } from './row.ts';

type ClosedBase = ErrorFields['gate-closed-to-base'];

/** Why no code typed here opens the gate, by how the base signs in. */
const GATES: Readonly<Record<ClosedBase['baseType'], string>> = {
  sso: 'if the role asks for MFA: sessions of Identity Center carry no MFA keys, so such a gate never opens from there',
  'login-session': 'if the role asks for MFA: the sign-in behind it had none, or was too long ago for the gate',
  'credential-process': 'if the role asks for MFA: what its program gives carries no fresh MFA',
  'web-identity': 'if the role asks for MFA: sessions of a web identity carry no MFA keys',
  environment: 'if the role asks for MFA: the credentials of the environment carry no fresh MFA',
  container: 'if the role asks for MFA: credentials of a container carry no MFA keys',
  instance: 'if the role asks for MFA: credentials of an instance carry no MFA keys',
  session: 'if the role asks for MFA: the session was made elsewhere, without MFA or too long ago for the gate',
};

/** The way out. */
function wayIn({ base, baseType }: ClosedBase): string {
  const fromKey = 'enter from a user with a key and a device (source_profile of such a base, then stepup login)';
  switch (baseType) {
    case 'sso':
      return `Let Identity Center be the gate of this role (its own MFA and session length; the trust policy names the permission set's role by aws:PrincipalArn), or ${fromKey}.`;
    case 'login-session':
      return `Sign in again, with MFA: aws login --profile ${base}`;
    default:
      return `Give ${base} credentials with fresh MFA, or ${fromKey}.`;
  }
}

function whyAndCommand({ detail, command }: ErrorFields['base-without-credentials']) {
  return { why: detail, next: command === undefined ? undefined : `Run: ${command}` };
}

export const deliveryRows: Rows<
  | 'credentials-pending'
  | 'console-unknown-partition'
  | 'console-refused'
  | 'unquotable-value'
  | 'person-needed'
  | 'gate-closed-to-base'
  | 'base-without-credentials'
  | 'base-refused'
  | 'no-long-term-key'
  | 'nested-exec'
  | 'code-program-failed'
  | 'program-not-started'
> = {
  'person-needed': {
    exit: ExitCode.needsPerson,
    say: ({ profile, command, isRefused }) =>
      wording(
        isRefused
          ? `AWS refuses the session of ${profile}`
          : `Profile ${profile} has no MFA session that still serves, and a code is needed`,
        {
          why: isRefused
            ? 'perhaps it is too old for the gate of the role; a new code will tell, and this call may not ask for it'
            : 'this call may not ask for it',
          next: `Run: ${command}`,
        },
      ),
  },
  'gate-closed-to-base': {
    exit: ExitCode.awsRefused,
    say: (closed) =>
      wording(`${closed.roleArn} doesn't let ${closed.base} in`, {
        why: GATES[closed.baseType],
        next: wayIn(closed),
      }),
  },
  'base-without-credentials': {
    exit: ExitCode.failed,
    say: (base) => wording(`The profile ${base.base} gives no credentials`, whyAndCommand(base)),
  },
  'base-refused': {
    exit: ExitCode.awsRefused,
    say: (base) => wording(`AWS refused to sign the profile ${base.base} in`, whyAndCommand(base)),
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
    say: ({ program, detail }) => wording(`${program} gave no code`, { why: detail }),
  },
  'program-not-started': {
    exit: ExitCode.failed,
    say: ({ program, detail }) =>
      wording(
        `${program} could not be started: ${detail === 'ENOENT' ? "there is no such program, or what its first line names isn't there" : detail}`,
      ),
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
    say: ({ variable, shell }) =>
      wording(`The value of ${variable} can't be written safely for ${shell}`, {
        why: 'it has a character that no credential of AWS has',
        next: 'Look at where the profile takes its credentials from.',
      }),
  },
};

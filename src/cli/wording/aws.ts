/** The words for what AWS answers, what the way to it does, and what a login needs. */
import type { ErrorFields } from '../../errors.ts';
import { isClockAtFault } from '../../mfa/clock-fault.ts';
import { formatDuration } from '../../terminal/time.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, type Wording, wording } from './row.ts';

type AwsCodes =
  | 'endpoint-invalid'
  | 'endpoint-unreachable'
  | 'answer-not-aws'
  | 'code-destination'
  | 'own-config'
  | 'aws-refused'
  | 'key-unknown'
  | 'secret-wrong'
  | 'session-expired'
  | 'clock-wrong'
  | 'answer-misdated'
  | 'code-refused'
  | 'device-refused'
  | 'code-malformed'
  | 'no-terminal'
  | 'factors-together'
  | 'code-source-missing'
  | 'code-entry-unclear'
  | 'login-without-key'
  | 'serial-invalid'
  | 'no-mfa-device'
  | 'fido-only'
  | 'device-unknown';

export const awsRows: Rows<AwsCodes> = {
  'endpoint-invalid': {
    exit: ExitCode.usage,
    say: ({ value, origin }) =>
      wording(`${value === '' ? 'An empty value' : value} makes no endpoint`, {
        why: `it comes from ${origin}`,
        next: 'An endpoint is a URL such as https://sts.eu-west-1.amazonaws.com, without user and password.',
      }),
  },
  'endpoint-unreachable': { exit: ExitCode.failed, say: unreachable },
  'answer-not-aws': {
    exit: ExitCode.failed,
    say: ({ host, status }) =>
      wording(`${host} answered (HTTP ${status}), but not as AWS does`, {
        next: 'Something stands between: a proxy, or the sign-in page of a network. Open a page in a browser, then try again.',
      }),
  },
  'code-destination': {
    exit: ExitCode.failed,
    say: ({ what, url, because, customOrigin, allowFile }) =>
      wording(`${what === undefined ? 'A code' : SENT[what]} may not go to ${url}: ${DESTINATION_REASONS[because]}`, {
        why:
          customOrigin === undefined
            ? undefined
            : `the endpoint comes from ${customOrigin}; whoever runs it would get ${what === undefined ? 'a fresh code' : 'credentials'} of yours`,
        next:
          because === 'foreign-host'
            ? `Unset it, or, if the host is your own, allow it in ${allowFile}:\n{"codeHosts": ["${hostOf(url)}"]}`
            : 'Unset it, or name the right endpoint.',
      }),
  },
  'own-config': {
    exit: ExitCode.failed,
    say: ({ path, problem }) =>
      wording(`${path} ${problem}`, { next: 'It looks like this: {"codeHosts": ["sts.example.internal:8443"]}' }),
  },
  'aws-refused': {
    exit: ExitCode.awsRefused,
    say: ({ operation, awsCode, status, message }) =>
      wording(`AWS refused ${operation}: ${awsCode} (HTTP ${status})`, {
        why: message,
        next: /^(Throttling|RequestLimitExceeded|ServiceUnavailable|InternalFailure)/.test(awsCode)
          ? 'AWS is busy: try again in a moment.'
          : undefined,
      }),
  },
  'key-unknown': {
    exit: ExitCode.awsRefused,
    say: ({ accessKeyId, message }) =>
      wording(`AWS doesn't know the access key ${accessKeyId}`, {
        why: message,
        next: 'It was deleted or made inactive, or belongs to another partition or endpoint; a key made a moment ago may need some seconds.',
      }),
  },
  'secret-wrong': {
    exit: ExitCode.awsRefused,
    say: ({ accessKeyId }) =>
      wording(`The secret access key doesn't belong to ${accessKeyId}`, {
        next: 'Correct aws_secret_access_key of the profile. A secret that is lost can only be replaced by a new key.',
      }),
  },
  'session-expired': {
    exit: ExitCode.awsRefused,
    say: ({ accessKeyId }) =>
      wording(`The session of ${accessKeyId} has ended`, { next: 'Make a new one: stepup login' }),
  },
  'clock-wrong': {
    exit: ExitCode.awsRefused,
    say: ({ host, aheadSeconds }) =>
      wording(`This machine's clock is ${offset(aheadSeconds)} ${host}'s, so AWS refused the request`, {
        why: 'AWS allows five minutes. No code was used up.',
        next: 'Set the clock (timedatectl set-ntp true, or your system settings), then try again.',
      }),
  },
  'answer-misdated': {
    exit: ExitCode.failed,
    say: ({ aheadSeconds }) =>
      wording(`This machine's clock is ${offset(aheadSeconds)} the date of the endpoint's answers`, {
        why: 'AWS takes no request that is so far off, and took this: the date is not from its clock, and windows and the end of sessions go by that',
        next: 'Look at what stands between (a proxy, an endpoint_url) and changes or keeps answers, then try again.',
      }),
  },
  'code-refused': { exit: ExitCode.awsRefused, say: codeRefused },
  'device-refused': {
    exit: ExitCode.awsRefused,
    say: ({ serialNumber }) =>
      wording(`AWS found no such device at this user: ${serialNumber}`, {
        why: 'it belongs to somebody else, was removed, or is of a kind that STS does not take (FIDO, passkey)',
        next: 'Give the right one: stepup login --serial-number ARN. In the console: IAM, Users, Security credentials.',
      }),
  },
  'code-malformed': {
    exit: ExitCode.usage,
    say: ({ source, problem }) =>
      wording(problem === 'empty' ? `No code came from ${source}` : `What came from ${source} is not a code`, {
        next: 'A code is six digits, such as the authenticator app shows.',
      }),
  },
  'no-terminal': {
    exit: ExitCode.needsPerson,
    say: ({ question, command, because }) =>
      wording(`There is no terminal to ask for ${question} on`, {
        why: because === undefined ? undefined : NOBODY_REASONS[because],
        next: `Run: ${command.join(' ')}`,
      }),
  },
  'factors-together': {
    exit: ExitCode.failed,
    say: ({ profile, place, source }) =>
      wording(`Key and code of profile ${profile} would both come from ${place}, so no code was asked for`, {
        why: 'whoever opens one place then has both factors, and the second protects nothing',
        next: `Move one of them: \`stepup keys move\`, or another stepup_code_source than ${source}. If it must be: stepup login ${profile} --same-store`,
      }),
  },
  'code-source-missing': {
    exit: ExitCode.failed,
    say: ({ source, program, folders }) =>
      wording(`The code source ${source} needs ${program}, which isn't in the system's folders`, {
        why: `looked in ${folders.join(', ')}; PATH isn't asked, for a repository may change it`,
        next: `Install it, or name it by its whole path: stepup_code_program = /path/to/${program}`,
      }),
  },
  'code-entry-unclear': {
    exit: ExitCode.failed,
    say: ({ source, entries }) =>
      wording(
        source === 'pass'
          ? 'Which entry of pass makes the codes is not said'
          : 'Which account of the YubiKey makes the codes is not clear',
        {
          why: entries.length === 0 ? undefined : `there are: ${entries.join(', ')}`,
          next: `Name it in the profile: stepup_code_entry = ${source === 'pass' ? 'aws/work' : 'Amazon Web Services:NAME@ACCOUNT'}`,
        },
      ),
  },
  'login-without-key': {
    exit: ExitCode.failed,
    say: ({ profile, found }) =>
      wording(
        found === 'nothing'
          ? `Profile ${profile} has no access key`
          : `Profile ${profile} holds temporary credentials that stepup did not make`,
        {
          why: 'an MFA session is made from the long-term key of an IAM user',
          next:
            found === 'nothing'
              ? `Give it one: stepup keys add ${profile}, or aws configure --profile ${profile}`
              : 'Name the profile that has the long-term key.',
        },
      ),
  },
  'serial-invalid': {
    exit: ExitCode.usage,
    say: ({ value, origin }) =>
      wording(`${value} is no MFA device`, {
        why: `it comes from ${origin}`,
        next: 'A virtual device is arn:aws:iam::ACCOUNT:mfa/NAME, a hardware token a serial number such as GAHT12345678.',
      }),
  },
  'no-mfa-device': {
    exit: ExitCode.failed,
    say: ({ profile }) =>
      wording(`The user of profile ${profile} has no MFA device`, {
        next: 'Add an authenticator app to the user first. In the console: IAM, Users, Security credentials, Assign MFA device.\nAn administrator’s key may also sign by itself: --long-term, where setup, mfa and keys take a profile.',
      }),
  },
  'fido-only': {
    exit: ExitCode.failed,
    say: ({ serialNumbers }) =>
      wording(`A security key or passkey can't be used here: ${serialNumbers.join(', ')}`, {
        why: 'AWS takes FIDO for sign-in in a browser only; STS takes six-digit codes',
        next: 'Add an authenticator app beside it (a user may have eight devices), or use aws login, which goes through the browser.',
      }),
  },
  'device-unknown': {
    exit: ExitCode.failed,
    say: ({ profile, because, guess }) =>
      wording(`The MFA device of profile ${profile} is not known`, {
        why: `mfa_serial is not set, and AWS would not list the devices: ${because}`,
        next:
          guess === undefined
            ? 'Name it: stepup login --serial-number ARN'
            : `By AWS's habit it is ${guess}. If so:\nstepup login ${profile} --serial-number ${guess}`,
      }),
  },
};

/** Why there is nobody to ask, and what works there. */
export const NOBODY_REASONS: Readonly<Record<NonNullable<ErrorFields['no-terminal']['because']>, string>> = {
  container:
    'in a container without a terminal: start it with one (docker run -it), or log in outside and hand in the session',
  ssh: 'over ssh without a terminal: connect with ssh -t, or forward the screen (ssh -X) and install zenity',
  wsl: 'in WSL without a terminal: zenity needs WSLg, and powershell.exe the interop with Windows',
  'no-display': 'there is no screen for a dialog either',
  'no-dialog-program': 'there is a screen, but neither zenity nor kdialog to show a dialog with',
};

const SENT = { session: 'A session', credentials: 'Credentials' } as const;

const DESTINATION_REASONS: Readonly<Record<ErrorFields['code-destination']['because'], string>> = {
  'plain-http': 'it would travel unencrypted',
  'foreign-host': "it is no host of AWS's",
  'other-partition': 'it belongs to another AWS partition than the device',
};

const NETWORK_PROBLEMS: Readonly<Record<ErrorFields['endpoint-unreachable']['problem'], string>> = {
  name: 'its name could not be looked up',
  refused: 'nothing accepted the connection',
  timeout: 'no answer came in time',
  tls: 'no encrypted connection could be made',
  'broken-off': 'the connection broke off',
};

function unreachable(fields: ErrorFields['endpoint-unreachable']): Wording {
  const { host, problem, detail, sent, customOrigin, proxyVariable } = fields;
  const next = [
    problem === 'tls'
      ? 'The certificate is not one that Node trusts; NODE_EXTRA_CA_CERTS names further authorities.'
      : 'Check the network, and the region and endpoint of the profile.',
    ...(customOrigin === undefined ? [] : [`The endpoint comes from ${customOrigin}.`]),
    ...(proxyVariable === undefined ? [] : [`${proxyVariable} is set, but stepup does not go through proxies.`]),
    ...(sent ? ['The request may have arrived: wait for the next code before you try again.'] : []),
  ];
  return wording(`Can't reach ${host}: ${NETWORK_PROBLEMS[problem]}`, { why: detail, next: next.join('\n') });
}

function codeRefused(fields: ErrorFields['code-refused']): Wording {
  const { serialNumber, aheadSeconds = 0, usedSecondsAgo } = fields;
  if (usedSecondsAgo !== undefined) {
    return wording(`This code was used already, ${formatDuration(usedSecondsAgo)} ago`, {
      why: `AWS takes a code once, so it wasn't sent again. The device is ${serialNumber}`,
      next: 'Wait for the next code.',
    });
  }
  if (isClockAtFault(fields)) {
    return wording(`AWS refused the code: this machine's clock, which made it, is ${offset(aheadSeconds)} AWS's`, {
      next: 'Set the clock (timedatectl set-ntp true, or your system settings), then try again.',
    });
  }
  const drifts = Math.abs(aheadSeconds) > CLOCK_WORTH_TELLING_SECONDS;
  return wording('AWS refused the code: it is wrong, or was used already', {
    why: drifts
      ? `This machine's clock is ${offset(aheadSeconds)} AWS's; a code made on this machine is off by as much.`
      : `It wasn't used from this machine just now, so most likely it is wrong. The device is ${serialNumber}`,
    next: 'Wait for the next code, and check that it is the entry of this account and user, and that the phone sets its clock by itself.',
  });
}

/** Beyond half a step, the clock is the likelier reason than the fingers. */
const CLOCK_WORTH_TELLING_SECONDS = 20;

/** `2 h ahead of`, `40 s behind`. */
function offset(aheadSeconds: number): string {
  return `${formatDuration(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'}`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The words for what a user does about its own keys and devices. */
import type { ErrorFields } from '../../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, type Wording, wording } from './row.ts';

type IamCodes =
  | 'iam-policy-missing'
  | 'not-a-user'
  | 'device-limit'
  | 'device-name-taken'
  | 'last-device'
  | 'device-not-there'
  | 'key-limit'
  | 'key-of-another-user'
  | 'rotation-of-another-profile'
  | 'rotation-journal-unreadable';

export const iamRows: Rows<IamCodes> = {
  'iam-policy-missing': { exit: ExitCode.awsRefused, say: policyMissing },
  'not-a-user': {
    exit: ExitCode.failed,
    say: ({ profile, arn }) =>
      wording(`Profile ${profile} is not an IAM user's`, {
        why: `it signs in as ${arn}`,
        next: 'Name the profile of the user; --with PROFILE names who signs.',
      }),
  },
  'device-limit': {
    exit: ExitCode.failed,
    say: ({ userName, most }) =>
      wording(`User ${userName} has ${most} devices, and AWS allows no more`, {
        next: 'Take one away first: stepup mfa remove',
      }),
  },
  'device-name-taken': {
    exit: ExitCode.failed,
    say: ({ serialNumber }) =>
      wording(`There is a device of that name in use: ${serialNumber}`, { next: 'Give this one another: --name NAME' }),
  },
  'last-device': {
    exit: ExitCode.failed,
    say: ({ serialNumber, userName }) =>
      wording(`${serialNumber} is the last device of ${userName} that makes codes; nothing was changed`, {
        why: 'without it no gate opens, until an administrator gives the user another device',
        next: 'Enrol another first (stepup mfa enrol), or say --force.',
      }),
  },
  'device-not-there': {
    exit: ExitCode.failed,
    say: ({ serialNumber, userName }) =>
      wording(`User ${userName} has no device ${serialNumber}`, {
        next: 'stepup mfa list shows those that are there.',
      }),
  },
  'key-limit': {
    exit: ExitCode.failed,
    say: ({ userName, accessKeyId }) =>
      wording(`User ${userName} has a second key, ${accessKeyId}, and AWS allows no third; nothing was changed`, {
        why: "it isn't this profile's: another machine or program may use it, and stepup doesn't touch it unasked",
        next: `If nothing uses it: aws iam delete-access-key --user-name ${userName} --access-key-id ${accessKeyId}\nOr run this at a terminal, which asks.`,
      }),
  },
  'key-of-another-user': {
    exit: ExitCode.failed,
    say: ({ accessKeyId, userName, arn }) =>
      wording(`The key ${accessKeyId} should be user ${userName}'s, and answers for ${arn}`, {
        next: 'Nothing more was done. Check the endpoint of the profile.',
      }),
  },
  'rotation-of-another-profile': {
    exit: ExitCode.failed,
    say: ({ userName, profile }) =>
      wording(`A rotation of user ${userName}'s key, begun for profile ${profile}, isn't finished`, {
        next: `Finish it first: stepup keys rotate ${profile}`,
      }),
  },
  'rotation-journal-unreadable': {
    exit: ExitCode.failed,
    say: ({ path }) =>
      wording(`${path} should tell of an unfinished rotation, and can't be read`, {
        next: "Look at the user's keys first (stepup keys list). If each of them is in use or gone, remove the file, then rotate again.",
      }),
  },
};

function policyMissing(fields: ErrorFields['iam-policy-missing']): Wording {
  const { action, message, userName, policyName, policy, signedBy, command, login } = fields;
  if (signedBy !== undefined) {
    return wording(`Profile ${signedBy} may not do ${action} for user ${userName}`, {
      why: message,
      next: 'Let an administrator allow it to that profile, or name another with --with.',
    });
  }
  const file = `aws iam put-user-policy --user-name ${userName} --policy-name ${policyName} --policy-document file://policy.json`;
  const next = [
    ...(login === undefined ? [] : [`With a fresh code it may be allowed: ${login}`]),
    `With the rights of another profile: ${command} --with PROFILE`,
    `Or let an administrator give user ${userName} this policy, once (stepup setup does, with self_service):\n  ${file}\n${policy}`,
  ];
  return wording(`User ${userName} may not do ${action} for itself`, { why: message, next: next.join('\n') });
}

/** What would win over what: the words for `profiles/contests.ts`. */
import { type Contest, findContests } from '../../profiles/contests.ts';
import { formatDuration } from '../../terminal/time.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

type Words = { readonly [T in Contest['type']]: (contest: Extract<Contest, { type: T }>) => Finding };

const WORDS: Words = {
  'environment-over-profile': ({ variable }) =>
    warn(
      `${variable} in the environment wins over AWS_PROFILE`,
      `unset ${variable} AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`,
    ),
  'static-over-store': ({ profile, place }) =>
    fail(
      `${profile}: the key in plain text (${place}) wins over the one in the store`,
      `remove it there: stepup keys move ${profile}`,
    ),
  'static-over-process': ({ profile, place }) =>
    warn(
      `${profile}: the keys of the section (${place}) win over its credential_process`,
      'remove those that are not meant',
    ),
  'key-in-both-files': ({ profile }) =>
    warn(
      `${profile}: the key in the credentials file wins over the one in the config file`,
      'remove the one in the config file',
    ),
  'default-over-endpoint': () =>
    warn(
      'the key in [default] wins over stepup serve and exec --server, in boto3 and the JavaScript SDK',
      'give the section another name, and set AWS_PROFILE',
    ),
  'old-token-name': ({ profile, place }) =>
    warn(
      `${profile}: aws_security_token (${place}) wins over aws_session_token in the AWS CLI`,
      'remove aws_security_token',
    ),
  'role-asks-itself': ({ profile, place }) =>
    warn(
      `${profile}: with mfa_serial of its own (${place}) the AWS CLI asks for a code each time`,
      `remove mfa_serial from ${profile}`,
    ),
  'role-too-long': ({ profile, seconds }) =>
    warn(
      `${profile}: AWS refuses duration_seconds of ${formatDuration(seconds)} to an MFA session: one hour at most`,
      `remove duration_seconds from ${profile}, or use stepup exec, which asks for a code for it`,
    ),
  'role-past-session': ({ profile, source }) =>
    warn(
      `${profile}: the AWS CLI enters the role by the key of ${source}, not by its MFA session`,
      `stepup login ${source} offers the change: source_profile = ${source}-mfa`,
    ),
};

export const contests: Check = {
  name: 'what wins',
  find: ({ io, files, concerns }) => {
    const found = findContests(files, io.env).filter((contest) => !('profile' in contest) || concerns(contest.profile));
    return found.length > 0 ? found.map(words) : [ok('no profile says two things')];
  },
};

function words<T extends Contest['type']>(contest: Extract<Contest, { type: T }>): Finding {
  return WORDS[contest.type as T](contest);
}

/** What a person reads for the errors of `files/` and `profiles/`: locks, paths, the AWS files and what they say. */
import type { AwsFileProblem, ErrorFields, PathProblem, ProfileProblem } from '../../errors.ts';
import { quotePosix } from '../../process/quote.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, wording } from './row.ts';

const PATH_PROBLEMS: Readonly<Record<PathProblem, string>> = {
  missing: 'it is not there',
  'symbolic-link': 'it is a symbolic link where none may be, or links that go round',
  'not-a-regular-file': 'it is no regular file',
  'not-a-folder': 'it is no folder',
  'owned-by-another': 'it belongs to somebody else',
  'writable-by-others': 'others than you may write to it',
  'readable-by-others': 'others than you may read it',
  'not-utf-8': 'it is no text in UTF-8',
};

const AWS_FILE_PROBLEMS: Readonly<Record<AwsFileProblem, string>> = {
  'text-before-first-section': 'there is text before the first [section]',
  'section-without-end': 'the section has no closing ]',
  'section-without-name': 'the section has no name',
  'line-without-equals-sign': 'the line is no section, no comment and no key = value',
  'line-without-key': 'there is no key before the =',
  'nested-line-without-equals-sign': 'a line below a key without a value must be key = value',
};

const FOREIGN_SECTIONS: Readonly<Record<ErrorFields['section-not-ours']['because'], string>> = {
  'long-term-key': 'it holds a long-term key',
  role: 'it has a role_arn',
  'credential-process': 'it has a credential_process of another program',
  sso: 'it signs in through Identity Center',
  'login-session': 'it signs in with `aws login`',
  'web-identity': 'it has a web_identity_token_file',
};

const PROFILE_PROBLEMS: Readonly<Record<ProfileProblem, (key: string) => string>> = {
  'two-sources': () => 'it has both source_profile and credential_source',
  'no-source': () => 'it has a role_arn, but neither source_profile nor credential_source',
  'source-without-credentials': (key) => `its ${key} names a profile that has no credentials`,
  'unknown-credential-source': (key) => `its ${key} is none of Environment, Ec2InstanceMetadata and EcsContainer`,
  'half-a-key': (key) => `half of the key is there, but ${key} isn't`,
  incomplete: (key) => `${key} is missing`,
  'section-missing': (key) => `its ${key} names a section that isn't there`,
  'not-a-number': (key) => `its ${key} is no whole number of seconds`,
  'not-a-policy': (key) => `its ${key} is no JSON object`,
  'file-missing': (key) => `the file that its ${key} names isn't there`,
  'not-tags': (key) => `its ${key} can't be read: key=value,key=value is what it takes`,
  'not-a-command': (key) => `its ${key} is no command line: a quote isn't closed, or it is empty`,
};

export const fileRows: Rows<
  | 'lock-timeout'
  | 'lock-unavailable'
  | 'unsafe-path'
  | 'aws-file-syntax'
  | 'profile-name-unwritable'
  | 'aws-file-unwritable'
  | 'aws-file-edit-unsafe'
  | 'section-not-ours'
  | 'profile-not-found'
  | 'profile-loop'
  | 'profile-invalid'
  | 'program-named-badly'
  | 'program-source-unsafe'
  | 'program-source-unapproved'
> = {
  'lock-timeout': {
    exit: ExitCode.failed,
    say: ({ path, waitedMs, holder }) =>
      wording(`Another program held ${path} for longer than ${Math.round(waitedMs / 1000)} s`, {
        why: holder === undefined ? undefined : `it seems to be ${holder.program} (process ${holder.pid})`,
        next: 'Let it finish, continue it if it is stopped, or end it; then try again. Do not remove the lock file.',
      }),
  },
  'lock-unavailable': {
    exit: ExitCode.failed,
    say: ({ problem }) =>
      wording('stepup can not lock files on this system, so it writes nothing', {
        why: problem,
        next: 'Install stepup again for this system and processor: the package fs-native-extensions brings the lock.',
      }),
  },
  'unsafe-path': {
    exit: ExitCode.failed,
    say: ({ path, problem, line, column }) =>
      wording(`stepup won't use ${path}: ${PATH_PROBLEMS[problem]}`, {
        why: line === undefined ? undefined : `line ${line}, column ${column}`,
        next:
          problem === 'not-a-regular-file'
            ? 'If AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE names it, point that at a regular file, such as a copy of what this gives.'
            : undefined,
      }),
  },
  'aws-file-syntax': {
    exit: ExitCode.failed,
    say: ({ path, line, column, problem }) =>
      wording(`${path}, line ${line}, column ${column}: ${AWS_FILE_PROBLEMS[problem]}`, {
        next: 'Correct the line; nothing was written.',
      }),
  },
  'profile-name-unwritable': {
    exit: ExitCode.usage,
    say: ({ name }) =>
      wording(`${JSON.stringify(name)} can't be the name of a profile`, {
        why: 'the AWS CLI and the SDKs would not all read it back from an AWS file',
        next: 'Give one without brackets, control characters, spaces at its ends, and words that begin with # or ;; DEFAULT and __proto__ are taken.',
      }),
  },
  'aws-file-unwritable': {
    exit: ExitCode.failed,
    say: ({ what, problem }) =>
      wording(
        problem === 'empty'
          ? `The ${what} can't be empty in an AWS file`
          : `The ${what} has characters that the AWS CLI and the SDKs would not all read back from an AWS file`,
      ),
  },
  'aws-file-edit-unsafe': {
    exit: ExitCode.failed,
    say: ({ path, section }) =>
      wording(`An edit of [${section}] in ${path} would change what other lines mean`, {
        why: 'an indented line after it would be taken for a part of the value before',
        next: 'Remove the spaces at the beginning of section lines; nothing was written.',
      }),
  },
  'section-not-ours': {
    exit: ExitCode.failed,
    say: ({ path, section, line, because }) =>
      wording(`[${section}] in ${path}, line ${line}, isn't stepup's: ${FOREIGN_SECTIONS[because]}`, {
        next: 'Give another name with --update-profile NAME, or rename that section.',
      }),
  },
  'profile-not-found': {
    exit: ExitCode.failed,
    say: ({ profile, namedBy, files }) =>
      wording(`There is no profile ${profile}${namedBy === undefined ? '' : `, which ${namedBy} refers to`}`, {
        why: `looked in ${files.join(' and ')}`,
        next: '`stepup status` lists the profiles that are there.',
      }),
  },
  'profile-loop': {
    exit: ExitCode.failed,
    say: ({ chain }) =>
      wording(`Profiles refer to each other in a ring: ${chain.join(' → ')}`, {
        next: 'Point the source_profile of one of them at a profile that has credentials.',
      }),
  },
  'profile-invalid': {
    exit: ExitCode.failed,
    say: ({ profile, problem, key, path, line }) =>
      wording(`The profile ${profile} can't be used: ${PROFILE_PROBLEMS[problem](key)}`, {
        why: path === undefined ? undefined : `${path}${line === undefined ? '' : `, line ${line}`}`,
      }),
  },
  'program-named-badly': {
    exit: ExitCode.failed,
    say: ({ key, path, line, problem, program }) =>
      problem === 'no-command'
        ? wording(`${key} is no command line: a quote isn't closed, or it is empty`, { why: `${path}, line ${line}` })
        : wording(`${key} must name its program by an absolute path, not as ${program}`, {
            why: `${path}, line ${line}; no shell reads it, and neither PATH nor the folder that you stand in says what it means`,
            // Only a plain word: this line is there to be pasted, and a file may hold anything.
            next: /^[\w.+-]+$/.test(program ?? '')
              ? `Write the whole path; \`command -v ${program}\` shows it.`
              : 'Write the whole path, from / on: no ~, no variables.',
          }),
  },
  'program-source-unsafe': {
    exit: ExitCode.failed,
    say: ({ key, program, path, fault }) =>
      wording(`stepup won't run ${program}, the ${key} of ${path}`, {
        why: `${fault.path}: ${PATH_PROBLEMS[fault.problem]}`,
        next:
          fault.problem === 'not-a-regular-file' && fault.path === path
            ? 'Copy what it gives to a regular file of yours, and point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE there.'
            : safeSource(fault),
      }),
  },
  'program-source-unapproved': {
    exit: ExitCode.failed,
    say: ({ key, program, path }) =>
      wording(`stepup won't run ${program}, the ${key} of ${path}, before you have approved of that file`, {
        why: 'a config file outside of ~/.aws may come with a repository, and not from you',
        next: 'Look at the file; then run stepup in a terminal and approve, or move the key to ~/.aws/config.',
      }),
  },
};

function safeSource({ path, problem }: ErrorFields['program-source-unsafe']['fault']): string {
  switch (problem) {
    case 'writable-by-others':
      return `Make it yours alone: chmod go-w ${quotePosix(path)}`;
    case 'owned-by-another':
      return "Make a copy that is yours, in a folder that is yours or root's, and name that.";
    default:
      return 'Name a regular file, by a path that leads to it.';
  }
}

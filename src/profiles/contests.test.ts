import { expect, it } from 'vitest';
import { parseAwsFiles } from './aws-files.ts';
import { type Contest, findContests } from './contests.ts';

const PATHS = { config: '/c', credentials: '/k' };
const KEY = 'aws_access_key_id = AKIA1\naws_secret_access_key = x\n';
const SESSION_OF_WORK =
  '[work-mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = x\naws_session_token = t\nstepup_base_key_id = AKIA1\n';

function contests(config: string, credentials: string, env = {}): readonly Contest[] {
  return findContests(parseAwsFiles(PATHS, config, credentials), env);
}

it.each<readonly [string, string, string, Record<string, string>, readonly Contest[]]>([
  [
    'the pattern as it should be',
    '[profile role]\nrole_arn = r\nsource_profile = work-mfa\n',
    `[work]\n${KEY}${SESSION_OF_WORK}`,
    {},
    [],
  ],
  [
    'keys in the environment',
    '',
    '',
    { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'x' },
    [{ type: 'environment-over-profile', variable: 'AWS_ACCESS_KEY_ID' }],
  ],
  ['half of them', '', '', { AWS_ACCESS_KEY_ID: 'AKIA1' }, []],
  [
    'a store and a key left behind',
    '[profile work]\nstepup_key_store = keychain\n',
    `[work]\n${KEY}`,
    {},
    [{ type: 'static-over-store', profile: 'work', place: '/k, line 2' }],
  ],
  [
    'a process and a key',
    '[profile work]\ncredential_process = /x\n',
    `[work]\n${KEY}`,
    {},
    [{ type: 'static-over-process', profile: 'work', place: '/k, line 2' }],
  ],
  [
    'a key in both files',
    `[profile work]\n${KEY}`,
    `[work]\n${KEY}`,
    {},
    [{ type: 'key-in-both-files', profile: 'work' }],
  ],
  ['a key in [default]', '', `[default]\n${KEY}`, {}, [{ type: 'default-over-endpoint', profile: 'default' }]],
  [
    'two tokens',
    '',
    `[x]\n${KEY}aws_session_token = t\naws_security_token = u\n`,
    {},
    [{ type: 'old-token-name', profile: 'x', place: '/k, line 5' }],
  ],
  [
    'a role profile that asks, lasts, and goes past the session',
    '[profile role]\nrole_arn = r\nsource_profile = work\nmfa_serial = s\nduration_seconds = 7200\n',
    `[work]\n${KEY}`,
    {},
    [
      { type: 'role-asks-itself', profile: 'role', place: '/c, line 4' },
      { type: 'role-too-long', profile: 'role', seconds: 7200 },
      { type: 'role-past-session', profile: 'role', source: 'work' },
    ],
  ],
  ['a role profile that does not resolve', '[profile role]\nrole_arn = r\nsource_profile = role\n', '', {}, []],
])('%s', (_name, config, credentials, env, found) => {
  expect(contests(config, credentials, env)).toEqual(found);
});

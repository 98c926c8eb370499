import { describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { awsFilePaths, type Environment, parseAwsFiles } from './aws-files.ts';
import { originOf, roleProfilesOf } from './bases.ts';
import { chooseProfile } from './choose-profile.ts';
import { endpointSettings, regionOf } from './endpoint-settings.ts';
import { resolveProfile, secondsSetting } from './resolve.ts';
import { sessionProfileOf } from './session-profiles.ts';

const paths = { config: '/home/a/.aws/config', credentials: '/home/a/.aws/credentials' };
const files = (config: string, credentials = '') => parseAwsFiles(paths, config, credentials);
const KEY = 'aws_access_key_id = AKIA1\naws_secret_access_key = S1\n';
const SESSION = 'aws_access_key_id = ASIA1\naws_secret_access_key = S2\naws_session_token = T\n';

const resolve = (name: string, config: string, credentials = '', env: Environment = {}) =>
  resolveProfile(files(config, credentials), name, env).credentials;

function failure(name: string, config: string, credentials = ''): unknown {
  try {
    resolve(name, config, credentials);
  } catch (error) {
    return isStepupError(error) ? [error.code, error.fields] : error;
  }
  return 'no error';
}

describe('awsFilePaths', () => {
  it('takes the environment, the home and what botocore puts in', () => {
    expect(awsFilePaths({}, '/home/a')).toEqual(paths);
    expect(awsFilePaths({ AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '~/c' }, '/home/a')).toEqual({
      config: '/home/a/.aws/config',
      credentials: '/home/a/c',
    });
    const env = { AWS_CONFIG_FILE: '$X/${X}/$NONE/c', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', X: 'x' };
    expect(awsFilePaths(env, '/home/a')).toEqual({ config: 'x/x/$NONE/c', credentials: '/dev/null' });
  });
});

describe('chooseProfile', () => {
  it.each([
    [
      'x',
      { AWS_PROFILE: 'y', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      { type: 'profile', name: 'x', from: 'argument' },
    ],
    [undefined, { AWS_PROFILE: 'y', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }, { type: 'environment' }],
    [undefined, { AWS_PROFILE: 'y', AWS_DEFAULT_PROFILE: 'z' }, { type: 'profile', name: 'y', from: 'AWS_PROFILE' }],
    [
      undefined,
      { AWS_PROFILE: '', AWS_DEFAULT_PROFILE: 'z' },
      { type: 'profile', name: 'z', from: 'AWS_DEFAULT_PROFILE' },
    ],
    [undefined, { AWS_ACCESS_KEY_ID: 'a' }, { type: 'profile', name: 'default', from: 'default' }],
  ])('%s %j', (argument, env, choice) => {
    expect(chooseProfile(argument, env)).toEqual(choice);
  });
});

describe('resolveProfile', () => {
  it('finds a long-term key, and where it is', () => {
    expect(resolve('work', '[profile work]\nregion = x\n', `# c\n[work]\n${KEY}`)).toEqual({
      type: 'long-term-key',
      accessKeyId: 'AKIA1',
      secretAccessKey: 'S1',
      place: { file: 'credentials', path: paths.credentials, section: 'work', line: 3 },
    });
    expect(resolve('default', `[default]\n${KEY}`)).toMatchObject({ type: 'long-term-key', place: { file: 'config' } });
  });

  it('finds a session of ours, of a tool, and of nobody knows whom', () => {
    const ours = `${SESSION}expiration = 2026-02-03T16:05:06Z\nstepup_authenticated_at = 2026-02-03T04:05:06Z\nstepup_base_key_id = AKIA1\nstepup_endpoint = http://127.0.0.1:1\n`;
    expect(resolve('work-mfa', '', `[work]\n${KEY}[work-mfa]\n${ours}`)).toEqual({
      type: 'session',
      accessKeyId: 'ASIA1',
      secretAccessKey: 'S2',
      sessionToken: 'T',
      expiresAtMs: Date.UTC(2026, 1, 3, 16, 5, 6),
      authenticatedAtMs: Date.UTC(2026, 1, 3, 4, 5, 6),
      baseKeyId: 'AKIA1',
      endpoint: 'http://127.0.0.1:1',
      base: 'work',
      place: { file: 'credentials', path: paths.credentials, section: 'work-mfa', line: 5 },
    });
    const saml = `[saml]\n${SESSION}x_security_token_expires = 2026-02-03T04:05:06+01:00\n`;
    expect(resolve('saml', '', saml)).toMatchObject({ type: 'session', expiresAtMs: Date.UTC(2026, 1, 3, 3, 5, 6) });
    expect(resolve('saml', '', saml)).not.toHaveProperty('base');
    expect(resolve('x', '', `[x]\n${SESSION}expiration = soon\n`)).not.toHaveProperty('expiresAtMs');
  });

  it('takes the older name of the token first, as botocore does', () => {
    expect(resolve('x', '', `[x]\n${SESSION}aws_security_token = OLD\n`)).toMatchObject({ sessionToken: 'OLD' });
  });

  it('does not put a key together from two files', () => {
    const config = '[profile x]\naws_secret_access_key = S\naws_session_token = T\n';
    expect(failure('x', config, '[x]\naws_access_key_id = AKIA1\n')).toEqual([
      'profile-invalid',
      { profile: 'x', problem: 'half-a-key', key: 'aws_secret_access_key', path: paths.credentials, line: 2 },
    ]);
    expect(resolve('x', config, `[x]\n${KEY}`)).toMatchObject({ type: 'long-term-key' });
  });

  it('takes the providers in the order of the AWS CLI', () => {
    const all = [
      'role_arn = arn:role\nsource_profile = base\n',
      'web_identity_token_file = /t\nrole_arn = arn:role\n',
      'sso_account_id = 1\nsso_role_name = r\nsso_start_url = u\nsso_region = us-east-1\n',
      '', // the credentials file
      'stepup_key_store = keychain\n',
      'login_session = arn:login\n',
      'credential_process = /bin/get creds\n',
      KEY,
    ];
    const types = [
      'web-identity',
      'sso',
      'long-term-key',
      'stored-key',
      'login-session',
      'credential-process',
      'long-term-key',
    ];
    for (const [index, type] of types.entries()) {
      const config = `[profile x]\n${all.slice(index + 1).join('')}`;
      const credentials = index <= 2 ? `[x]\n${KEY}` : '';
      expect(resolve('x', config, credentials), `${index}`).toMatchObject({ type });
    }
    expect(resolve('x', `[profile x]\n${all[0]}${all[2]}[profile base]\n`, `[x]\n${KEY}`)).toMatchObject({
      type: 'role',
    });
    expect(resolve('x', '[profile x]\nregion = y\n')).toEqual({ type: 'none' });
  });

  it('looks for the key in the store of the environment where the profile names no way to sign in', () => {
    const config = '[profile work]\nregion = y\n[profile work-mfa]\nregion = y\n';
    const env = { STEPUP_KEY_STORE: 'pass' };
    expect(resolve('work', config, '', env)).toEqual({ type: 'stored-key', store: 'pass' });
    expect(resolve('work-mfa', config, '', env)).toEqual({ type: 'none', base: 'work' });
  });

  it('lets a key win over the role of a profile that is a source, as the AWS CLI does', () => {
    const config =
      '[profile a]\nrole_arn = arn:a\nsource_profile = b\n[profile b]\nrole_arn = arn:b\nsource_profile = a\n';
    expect(resolve('a', config, `[b]\n${KEY}`)).toMatchObject({
      source: { name: 'b', credentials: { type: 'long-term-key' } },
    });
  });

  it('follows a chain of roles down to its base', () => {
    const config = `
[profile base]
[profile one]
role_arn = arn:one
source_profile = base
external_id = e
role_session_name = s
duration_seconds = 900
mfa_serial = m
source_identity = i
session_tags = team=core, cost-center=4=2
transitive_session_tags = team, cost-center
stepup_mfa_max_age = 3600
[profile two]
role_arn = arn:two
source_profile = one
duration_seconds = many
`;
    const two = resolve('two', config, `[base]\n${KEY}`, { AWS_ROLE_SESSION_NAME: 'from-env' });
    expect(two).toMatchObject({
      type: 'role',
      roleArn: 'arn:two',
      roleSessionName: 'from-env',
      sessionTags: [],
      place: { section: 'profile two', line: 15 },
      source: {
        name: 'one',
        credentials: {
          type: 'role',
          roleArn: 'arn:one',
          externalId: 'e',
          roleSessionName: 's',
          durationSeconds: 900,
          mfaSerial: 'm',
          sourceIdentity: 'i',
          sessionTags: [
            { key: 'team', value: 'core' },
            { key: 'cost-center', value: '4=2' },
          ],
          transitiveSessionTags: ['team', 'cost-center'],
          maxAgeSeconds: 3600,
          source: { name: 'base', credentials: { type: 'long-term-key' } },
        },
      },
    });
    expect(two).not.toHaveProperty('durationSeconds');
    expect(originOf({ name: 'two', credentials: two })).toEqual({ type: 'profile', name: 'base' });
  });

  it('lets a profile be its own source when it has a key', () => {
    const config = '[profile x]\nrole_arn = arn:x\nsource_profile = x\n';
    expect(resolve('x', config, `[x]\n${KEY}`)).toMatchObject({
      type: 'role',
      source: { name: 'x', credentials: { type: 'long-term-key' } },
    });
    expect(failure('x', config)).toEqual(['profile-loop', { chain: ['x', 'x'] }]);
  });

  it('finds rings', () => {
    const ring = ['a', 'b', 'c'].map(
      (name, at, all) => `[profile ${name}]\nrole_arn = r\nsource_profile = ${all[(at + 1) % 3]}\n`,
    );
    expect(failure('a', ring.join(''))).toEqual(['profile-loop', { chain: ['a', 'b', 'c', 'a'] }]);
    const tail = `[profile t]\nrole_arn = r\nsource_profile = b\n${ring.join('')}`;
    expect(failure('t', tail)).toEqual(['profile-loop', { chain: ['b', 'c', 'a', 'b'] }]);
  });

  it.each([
    ['role_arn = r', 'no-source', 'source_profile'],
    ['role_arn = r\nsource_profile = b\ncredential_source = Environment', 'two-sources', 'credential_source'],
    ['role_arn = r\ncredential_source = Pocket', 'unknown-credential-source', 'credential_source'],
    ['web_identity_token_file = f', 'incomplete', 'role_arn'],
    ['sso_account_id = 1\nsso_start_url = u\nsso_region = r', 'incomplete', 'sso_role_name'],
    ['sso_account_id = 1\nsso_session = gone', 'section-missing', 'sso_session'],
    ['credential_process = "open', 'not-a-command', 'credential_process'],
    ['credential_process =', 'not-a-command', 'credential_process'],
    ['role_arn = r\nsource_profile = b\nstepup_mfa_max_age = 1h', 'not-a-number', 'stepup_mfa_max_age'],
    ['role_arn = r\nsource_profile = b\nsession_tags = a=b,c', 'not-tags', 'session_tags'],
  ])('refuses %j', (lines, problem, key) => {
    expect(failure('x', `[profile b]\n[profile x]\n${lines}\n`)).toMatchObject([
      'profile-invalid',
      { profile: 'x', problem, key, path: paths.config },
    ]);
  });

  it('says who named a profile that is not there', () => {
    expect(failure('x', '[profile x]\nrole_arn = r\nsource_profile = gone\n')).toEqual([
      'profile-not-found',
      { profile: 'gone', namedBy: 'x', files: [paths.config, paths.credentials] },
    ]);
    expect(failure('__proto__', '')).toMatchObject(['profile-not-found', { profile: '__proto__' }]);
  });

  it('reads Identity Center with and without a session, and a login session', () => {
    const config = `
[sso-session s]
sso_start_url = https://x
sso_region = eu-west-1
[profile new]
sso_session = s
sso_account_id = 1
sso_role_name = r
[profile browser]
login_session = arn:aws:iam::1:user/a
`;
    expect(resolve('new', config)).toMatchObject({
      type: 'sso',
      session: 's',
      startUrl: 'https://x',
      region: 'eu-west-1',
      accountId: '1',
      roleName: 'r',
    });
    expect(resolve('browser', config)).toMatchObject({ type: 'login-session', identity: 'arn:aws:iam::1:user/a' });
  });

  it('reads a credential_process, and knows our own', () => {
    const config = (command: string) =>
      `[profile x]\ncredential_process = ${command}\n[profile x-mfa]\ncredential_process = ${command}\n`;
    expect(resolve('x', config('"/opt/my tools/get" --a \'b c\''))).toMatchObject({
      command: '"/opt/my tools/get" --a \'b c\'',
      place: { section: 'profile x' },
    });
    expect(resolve('x', config('/usr/bin/get'))).not.toHaveProperty('ownProfile');
    for (const command of [
      'stepup credentials --format process x-mfa',
      '/usr/local/bin/stepup credentials x-mfa',
      'C:/stepup/stepup.exe credentials x-mfa',
      '"/usr/bin/node" /opt/stepup/dist/stepup.js credentials x-mfa --format process',
      '/usr/bin/node /opt/stepup/dist/stepup.cjs credentials x-mfa',
    ]) {
      expect(resolve('x-mfa', config(command)), command).toMatchObject({ ownProfile: 'x-mfa', base: 'x' });
    }
    expect(resolve('x', config('stepup login x'))).not.toHaveProperty('ownProfile');
    expect(resolve('x', config('/tmp/notstepup credentials x'))).not.toHaveProperty('ownProfile');
  });

  it('goes where our own credential_process leads, and finds a ring', () => {
    const config = `
[profile bridge]
credential_process = stepup credentials corp
[profile corp]
login_session = arn:aws:iam::1:user/a
[profile role]
role_arn = arn:role
source_profile = bridge
[profile first]
role_arn = arn:role
source_profile = second
[profile second]
credential_process = stepup credentials first
`;
    const corp = { name: 'corp', credentials: { type: 'login-session', identity: 'arn:aws:iam::1:user/a' } };
    expect(resolve('bridge', config)).toMatchObject({ type: 'credential-process', leadsTo: corp });
    expect(originOf(resolveProfile(files(config), 'role', {}))).toEqual({ type: 'profile', name: 'corp' });
    for (const name of ['first', 'second']) {
      expect(failure(name, config)).toEqual(['profile-loop', { chain: ['second', 'second'] }]);
    }
    const own = '[profile own]\ncredential_process = stepup credentials own\n';
    expect(failure('own', own)).toEqual(['profile-loop', { chain: ['own', 'own'] }]);
  });

  it("includes what a profile lacks, but nobody's credentials", () => {
    const config = `
[profile a]
include_profile = b
region = own
[profile b]
include_profile = c
region = b
mfa_serial = from-b
aws_access_key_id = AKIA2
aws_secret_access_key = S
[profile c]
mfa_serial = from-c
mfa_process = /usr/bin/code
`;
    const resolved = resolveProfile(files(config), 'a', {});
    const values = Object.fromEntries([...resolved.settings].map(([key, { value }]) => [key, value]));
    expect(values).toEqual({ include_profile: 'b', region: 'own', mfa_serial: 'from-b', mfa_process: '/usr/bin/code' });
    expect(resolved.settings.get('mfa_process')?.place).toMatchObject({ section: 'profile c' });
    expect(resolved.credentials).toEqual({ type: 'none' });
    expect(failure('x', '[profile x]\ninclude_profile = y\n[profile y]\ninclude_profile = x\n')).toEqual([
      'profile-loop',
      { chain: ['x', 'y', 'x'] },
    ]);
    expect(failure('x', '[profile x]\ninclude_profile = gone\n')).toMatchObject([
      'profile-not-found',
      { namedBy: 'x' },
    ]);
  });

  it('gives every section what [DEFAULT] has, as Python does', () => {
    expect(resolve('x', '', `[DEFAULT]\n${KEY}[x]\n`)).toMatchObject({ type: 'long-term-key', accessKeyId: 'AKIA1' });
    expect(failure('y', '', `[DEFAULT]\n${KEY}[x]\n`)).toMatchObject(['profile-not-found', {}]);
  });
});

describe('sessions and bases', () => {
  const config =
    '[profile admin]\nrole_arn = r\nsource_profile = work-mfa\n[profile chained]\nrole_arn = r2\nsource_profile = admin\n[profile other]\nrole_arn = r\nsource_profile = play\n[profile broken]\nrole_arn = r\n[profile env]\nrole_arn = r\ncredential_source = Environment\n';
  const credentials = `[work]\n${KEY}[play]\naws_access_key_id = AKIA9\naws_secret_access_key = S\n`;

  it('knows the profile of a session that is not there yet', () => {
    expect(resolve('work-mfa', config, credentials)).toEqual({ type: 'none', base: 'work' });
    expect(resolve('admin', config, credentials)).toMatchObject({
      source: { name: 'work-mfa', credentials: { type: 'none', base: 'work' } },
    });
    expect(sessionProfileOf(files(config, credentials), 'work')).toBe('work-mfa');
  });

  it('finds the role profiles of a base', () => {
    const { roles, broken } = roleProfilesOf(files(config, credentials), 'work', {});
    expect(roles.map(({ name }) => name)).toEqual(['admin', 'chained']);
    expect(broken.map(({ name, error }) => [name, error.code])).toEqual([['broken', 'profile-invalid']]);
    expect(originOf(resolveProfile(files(config, credentials), 'env', {}))).toEqual({
      type: 'credential-source',
      name: 'Environment',
    });
  });

  it('finds a session under another name by the profile that it names, or by the key', () => {
    const named = files('[profile today]\nstepup_base_profile = work\n', credentials);
    expect(sessionProfileOf(named, 'work')).toBe('today');
    expect(resolveProfile(named, 'today', {}).credentials).toEqual({ type: 'none', base: 'work' });
    const byKey = files('', `${credentials}[today]\n${SESSION}stepup_base_key_id = AKIA9\n`);
    expect(resolveProfile(byKey, 'today', {}).credentials).toMatchObject({ type: 'session', base: 'play' });
  });

  it('does not take a key or a role for a session because of its name', () => {
    const keyed = files('', `${credentials}[work-mfa]\n${KEY}`);
    expect(resolveProfile(keyed, 'work-mfa', {}).credentials).toMatchObject({ type: 'long-term-key' });
    const role = files('[profile work-mfa]\nrole_arn = r\nsource_profile = play\n', credentials);
    expect(roleProfilesOf(role, 'play', {}).roles.map(({ name }) => name)).toEqual(['work-mfa']);
  });
});

describe('endpointSettings', () => {
  const config = `
[services local]
sts =
  endpoint_url = http://sts.config
s3 =
  endpoint_url = http://s3.config
[profile x]
services = local
endpoint_url = http://all.config
region = eu-west-1
use_fips_endpoint = TRUE
sts_regional_endpoints = legacy
[profile plain]
[profile broken]
services = gone
`;
  const of = (profile: string, service: 'sts' | 'iam', env: Environment = {}) => {
    const loaded = files(config);
    return endpointSettings(loaded, loaded.profiles.get(profile), service, env);
  };

  it('takes environment before files, and a service before all', () => {
    expect(of('x', 'sts').custom).toEqual({
      url: 'http://sts.config',
      origin: 'endpoint_url in [services local] of /home/a/.aws/config, line 3',
    });
    expect(of('x', 'iam').custom?.url).toBe('http://all.config');
    expect(of('x', 'sts', { AWS_ENDPOINT_URL: 'http://all.env' }).custom).toEqual({
      url: 'http://all.env',
      origin: 'AWS_ENDPOINT_URL in the environment',
    });
    expect(of('x', 'sts', { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_STS: 'http://b' }).custom?.url).toBe(
      'http://b',
    );
    expect(of('x', 'iam', { AWS_ENDPOINT_URL_STS: 'http://b' }).custom?.url).toBe('http://all.config');
    expect(of('plain', 'sts').custom).toBeUndefined();
    expect(endpointSettings(files(config), undefined, 'sts', { AWS_ENDPOINT_URL: 'http://a' }).custom?.url).toBe(
      'http://a',
    );
  });

  it('ignores them all when told so', () => {
    const env = { AWS_ENDPOINT_URL: 'http://a', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(of('x', 'sts', env).custom).toBeUndefined();
  });

  it('reads the rest', () => {
    expect(of('x', 'sts')).toMatchObject({
      region: 'eu-west-1',
      useFipsEndpoint: true,
      useDualStackEndpoint: false,
      legacyStsEndpoint: true,
    });
    const env = {
      AWS_USE_FIPS_ENDPOINT: 'false',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    };
    expect(of('x', 'sts', env)).toMatchObject({
      useFipsEndpoint: false,
      useDualStackEndpoint: true,
      legacyStsEndpoint: false,
    });
    expect(regionOf(undefined, { AWS_DEFAULT_REGION: 'b' })).toBe('b');
    expect(regionOf(files(config).profiles.get('x'), { AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' })).toBe('a');
    expect(regionOf(undefined, {})).toBeUndefined();
  });

  it('names a services section that is not there', () => {
    expect(() => of('broken', 'sts')).toThrow(expect.objectContaining({ code: 'profile-invalid' }));
  });
});

describe('secondsSetting', () => {
  it('reads whole numbers only', () => {
    const profile = files('[profile x]\na = 10\nb = 1.5\nc = -1\n').profiles.get('x');
    if (profile === undefined) throw new Error('no profile');
    expect(secondsSetting(profile, 'a')).toBe(10);
    expect(secondsSetting(profile, 'none')).toBeUndefined();
    for (const key of ['b', 'c']) expect(() => secondsSetting(profile, key)).toThrow();
  });
});

/** How profiles sign in: what we make of any files is what botocore makes of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { isStepupError } from '../../src/errors.ts';
import { parseAwsFiles } from '../../src/profiles/aws-files.ts';
import type { ProfileCredentials } from '../../src/profiles/credentials.ts';
import { resolveProfile } from '../../src/profiles/resolve.ts';
import { runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';
import { temporaryFolder } from './harness/temporary-folder.ts';

const SEED = Number(process.env['STEPUP_TEST_SEED'] ?? Date.now() % 1_000_000);
const NAMES = ['default', 'a', 'b', 'c'] as const;

type Lines = Readonly<Record<string, string>>;

/** Things that a profile of the config file may have, alone or together. */
const parts: readonly fc.Arbitrary<Lines>[] = [
  fc.constant({}),
  fc
    .constantFrom(...NAMES, 'gone')
    .map((source) => ({ role_arn: 'arn:aws:iam::123456789012:role/r', source_profile: source })),
  fc
    .constantFrom('Environment', 'Pocket')
    .map((source) => ({ role_arn: 'arn:aws:iam::123456789012:role/r', credential_source: source })),
  fc.constant({ role_arn: 'arn:aws:iam::123456789012:role/r' }),
  fc.constant({ web_identity_token_file: '/token' }),
  fc.constant({ sso_account_id: '1', sso_role_name: 'r', sso_start_url: 'https://u', sso_region: 'us-east-1' }),
  fc.constant({ sso_account_id: '1', sso_role_name: 'r', sso_session: 's' }),
  fc.constantFrom('sso_role_name', 'sso_account_id').map((key) => ({ [key]: 'x' })),
  fc.constant({ credential_process: '/bin/get' }),
  fc.constant({ aws_access_key_id: 'CONFIGKEY', aws_secret_access_key: 'S' }),
  fc.constant({ aws_access_key_id: 'CONFIGHALF' }),
  fc.constant({ aws_session_token: 'CONFIGTOKEN' }),
];

const inConfig = fc
  .array(fc.oneof(...parts.map((arbitrary, index) => ({ arbitrary, weight: index < 2 ? 3 : 1 }))), { maxLength: 2 })
  .map((chosen): Lines => Object.assign({}, ...chosen));
const inCredentials: fc.Arbitrary<Lines> = fc.constantFrom<Lines[]>(
  {},
  { aws_access_key_id: 'KEY', aws_secret_access_key: 'S' },
  { aws_access_key_id: 'KEY', aws_secret_access_key: 'S', aws_session_token: 'T' },
  { aws_access_key_id: 'KEY', aws_secret_access_key: 'S', aws_session_token: 'T', aws_security_token: 'OLD' },
  { aws_access_key_id: 'HALF' },
  { aws_secret_access_key: 'S' },
  { role_arn: 'arn:aws:iam::123456789012:role/r', source_profile: 'a' },
);

const profiles = fc.tuple(...NAMES.map(() => fc.tuple(inConfig, fc.option(inCredentials))));

function print(title: string, lines: Lines): string {
  return `[${title}]\n${Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}\n`;
}

const cases = fc.sample(profiles, { numRuns: 120, seed: SEED }).map((all) => ({
  config: `${all.map(([config], at) => print(at === 0 ? 'default' : `profile ${NAMES[at]}`, config)).join('')}[sso-session s]\nsso_start_url = https://u\nsso_region = us-east-1\n`,
  credentials: all
    .map(([, credentials], at) => (credentials === null ? '' : print(String(NAMES[at]), credentials)))
    .join(''),
}));

type Outcome =
  | { readonly type: string; readonly key?: string; readonly token?: string | null }
  | { readonly error: string };

/** The names of botocore's providers for our types. */
const METHODS: Readonly<Record<ProfileCredentials['type'], string>> = {
  'long-term-key': 'static',
  session: 'static',
  'stored-key': 'none',
  'stored-session': 'custom-process',
  role: 'assume-role',
  'web-identity': 'assume-role-with-web-identity',
  sso: 'sso',
  'login-session': 'login',
  'credential-process': 'custom-process',
  none: 'none',
};

function ours(texts: { readonly config: string; readonly credentials: string }, profile: string): unknown {
  try {
    const files = parseAwsFiles({ config: 'config', credentials: 'credentials' }, texts.config, texts.credentials);
    const { credentials } = resolveProfile(files, profile, {});
    if (endsInNothing(credentials)) return 'error';
    const isStatic = credentials.type === 'long-term-key' || credentials.type === 'session';
    const token = credentials.type === 'session' ? credentials.sessionToken : null;
    return { type: METHODS[credentials.type], ...(isStatic ? { key: credentials.accessKeyId, token } : {}) };
  } catch (error) {
    if (!isStepupError(error)) throw error;
    return 'error';
  }
}

/** A role whose source has no credentials: an error to the AWS CLI, and a question to stepup's stores. */
function endsInNothing(credentials: ProfileCredentials): boolean {
  if (credentials.type !== 'role' || credentials.source.type !== 'profile') return false;
  const source = credentials.source.credentials;
  return source.type === 'none' || endsInNothing(source);
}

function theirs(outcome: Outcome): unknown {
  if ('error' in outcome) return 'error';
  if (outcome.type !== 'shared-credentials-file' && outcome.type !== 'config-file') return outcome;
  return { type: 'static', key: outcome.key, token: outcome.token ?? null };
}

describe.each(inject('pythons'))('botocore of $name', (python) => {
  test('takes the credentials of each profile as we do', async () => {
    const folder = await temporaryFolder();
    for (const [index, { config, credentials }] of cases.entries()) {
      writeFileSync(join(folder, `${index}.config`), config);
      writeFileSync(join(folder, `${index}.credentials`), credentials);
    }
    const script = join(import.meta.dirname, 'aws-files/resolve.py');
    const args = [script, folder, String(cases.length), ...NAMES];
    const env = cleanEnvironment(folder, { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'ENV' });
    const { stdout, stderr } = await runChild(python.path, args, { env, timeoutMs: 150_000 });
    expect(stderr).toBe('');
    const outcomes = JSON.parse(stdout) as readonly Readonly<Record<string, Outcome>>[];
    const kinds = new Set<string>();
    for (const [index, texts] of cases.entries()) {
      for (const name of NAMES) {
        const outcome = outcomes[index]?.[name] ?? { error: 'not asked' };
        const about = `${name}, case ${index} of seed ${SEED}\n${texts.config}${texts.credentials}${JSON.stringify(outcome)}`;
        expect(ours(texts, name), about).toEqual(theirs(outcome));
        kinds.add('error' in outcome ? outcome.error : outcome.type);
      }
    }
    expect(kinds.size, [...kinds].join(' ')).toBeGreaterThan(8);
  });
});

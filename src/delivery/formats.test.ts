import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotePosix, quotePosixWord } from '../process/quote.ts';
import { childEnvironment, servedChildEnvironment } from './environment.ts';
import { credentialFormats, formatCredentials } from './formats.ts';

const session = {
  accessKeyId: 'ASIAEXAMPLE000000000',
  secretAccessKey: 'not/a+real=secret',
  sessionToken: 'token//with+signs==',
  expiresAtMs: Date.UTC(2026, 0, 31, 9, 0, 0, 123),
};

describe('formatCredentials', () => {
  it('prints the JSON of credential_process with an expiration in UTC', () => {
    expect(JSON.parse(formatCredentials('process', session))).toEqual({
      Version: 1,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: '2026-01-31T09:00:00Z',
    });
  });

  it('prints no Expiration for a long-term key', () => {
    const { sessionToken: _, expiresAtMs: __, ...key } = session;
    expect(Object.keys(JSON.parse(formatCredentials('process', key)))).toEqual([
      'Version',
      'AccessKeyId',
      'SecretAccessKey',
    ]);
  });

  it('prints lines that bash takes back as the same values', () => {
    const script = `${formatCredentials('env', session)}printf '%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_CREDENTIAL_EXPIRATION"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      session.accessKeyId,
      session.secretAccessKey,
      session.sessionToken,
      '2026-01-31T09:00:00Z',
    ]);
  });

  it.each(credentialFormats)('%s ends with a line end and names the key id', (format) => {
    const text = formatCredentials(format, session);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).toContain(session.accessKeyId);
  });

  it.each(credentialFormats.filter((format) => format !== 'process'))(
    'refuses for %s what no quotes hold',
    (format) => {
      for (const value of ['a\0b', 'a\nb', 'a\u001b[2Jb', 'a\u0085b', 'a\ud800b']) {
        expect(() => formatCredentials(format, { ...session, sessionToken: value })).toThrow(
          expect.objectContaining({
            code: 'unquotable-value',
            fields: { variable: 'AWS_SESSION_TOKEN', shell: format },
          }),
        );
      }
    },
  );

  it('prints as JSON whatever a value is', () => {
    expect(JSON.parse(formatCredentials('process', { ...session, sessionToken: 'a\0\n' })).SessionToken).toBe('a\0\n');
  });

  it('refuses a value that cmd.exe would read otherwise', () => {
    expect(() => formatCredentials('windows-cmd', { ...session, secretAccessKey: 'a%PATH%b' })).toThrow(
      expect.objectContaining({ code: 'unquotable-value' }),
    );
  });
});

describe.each([quotePosix, quotePosixWord])('%o', (quote) => {
  it('gives bash back exactly the value, whatever is in it', () => {
    const values = fc.array(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom(...`'"\\$\`\n\r !%&;|(){}`),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
      }),
      { minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(values, (given) => {
        const script = `printf '%s\\0' ${given.map(quote).join(' ')}`;
        const back = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
        expect(back).toEqual(given);
      }),
      { numRuns: 20 },
    );
  });
});

describe('childEnvironment', () => {
  const parent = {
    PATH: '/bin',
    AWS_PROFILE: 'other',
    AWS_DEFAULT_PROFILE: 'other',
    AWS_SECURITY_TOKEN: 'old',
    AWS_SESSION_TOKEN: 'old',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/tmp/token',
    AWS_ACCOUNT_ID: '999999999999',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  };

  const profile = {
    ...{ name: 'my role', region: 'eu-west-1' },
    endpointVariables: [['AWS_USE_FIPS_ENDPOINT', 'true']] as const,
  };

  it('sets what conventions ask for and removes what would win over it', () => {
    expect(childEnvironment(parent, profile, session)).toEqual({
      PATH: '/bin',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: '2026-01-31T09:00:00Z',
      AWS_SESSION_EXPIRATION: '2026-01-31T09:00:00Z',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_USE_FIPS_ENDPOINT: 'true',
      STEPUP_PLACED: 'AWS_REGION=eu-west-1,AWS_DEFAULT_REGION=eu-west-1,AWS_USE_FIPS_ENDPOINT=true',
      AWS_VAULT: 'my role',
      STEPUP_PROFILE: 'my role',
    });
  });

  it('leaves no old session token beside a long-term key', () => {
    const { sessionToken: _, expiresAtMs: __, ...key } = session;
    const environment = childEnvironment(parent, { name: 'base', endpointVariables: [] }, key);
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
    expect(environment).not.toHaveProperty('AWS_CREDENTIAL_EXPIRATION');
  });

  it('gives a served child an address and no values', () => {
    const environment = servedChildEnvironment(
      { ...parent, AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'old' },
      { name: 'r', endpointVariables: [] },
      { url: 'http://127.0.0.1:9/credentials/r', tokenFile: '/t', configFile: '/c', credentialsFile: '/d' },
    );
    expect(environment).toEqual({
      PATH: '/bin',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/credentials/r',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/t',
      AWS_CONFIG_FILE: '/c',
      AWS_SHARED_CREDENTIALS_FILE: '/d',
      STEPUP_PLACED: '',
      AWS_VAULT: 'r',
      STEPUP_PROFILE: 'r',
    });
  });
});

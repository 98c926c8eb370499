import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noStore } from '../../test/support/memory-store.ts';
import { isStepupError } from '../errors.ts';
import { type CodeRequest, type CodeSource, givenCode } from '../mfa/source.ts';
import { type LoginPorts, type LoginRequest, login } from './login.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const ACCOUNT = '123456789012';
const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const USER = `arn:aws:iam::${ACCOUNT}:user/alice`;
const REQUEST: LoginRequest = { profile: 'work', durationSeconds: 43_200, force: false, minLeftSeconds: 300 };

/** Actions that the server was asked for, in order, with the code where there was one. */
let asked: string[];
/** Codes that it takes. */
let goodCodes: string[];
let endpoint: string;
let folder: string;
let closeServer: () => void;

beforeEach(async () => {
  asked = [];
  goodCodes = ['111111'];
  folder = mkdtempSync(join(tmpdir(), 'login-'));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const action = form.get('Action') ?? '';
      const code = form.get('TokenCode');
      asked.push(code === null ? action : `${action} ${code}`);
      const refused = code !== null && !goodCodes.includes(code);
      response.statusCode = refused ? 403 : 200;
      response.end(refused ? REFUSAL : (ANSWERS[action] ?? ''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closeServer = () => server.close();
  writeFiles();
});

afterEach(() => {
  closeServer();
  rmSync(folder, { recursive: true });
});

const REFUSAL =
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>';
const ANSWERS: Readonly<Record<string, string>> = {
  GetCallerIdentity: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${USER}</Arn><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  GetSessionToken:
    '<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-03T00:00:00Z</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>',
};

function writeFiles(more = ''): void {
  writeFileSync(join(folder, 'credentials'), '[work]\naws_access_key_id = AKIA1\naws_secret_access_key = x\n');
  writeFileSync(
    join(folder, 'config'),
    `[profile work]\nregion = eu-west-1\nendpoint_url = ${endpoint}\nmfa_serial = ${SERIAL}\n${more}`,
  );
}

const filesText = (): string =>
  readFileSync(join(folder, 'config'), 'utf8') + readFileSync(join(folder, 'credentials'), 'utf8');

function ports(codes: CodeSource | undefined, more: Partial<LoginPorts> = {}): LoginPorts {
  return {
    env: {},
    paths: { config: join(folder, 'config'), credentials: join(folder, 'credentials') },
    now: () => NOW,
    codes: () => codes,
    askedBy: 'the test',
    device: { person: () => undefined, onSlip: () => undefined, commandWith: () => [] },
    allowed: { hosts: [], file: '/config.json' },
    command: ['stepup', 'login', 'work'],
    readKey: async ({ credentials }) => {
      if (credentials.type !== 'long-term-key') throw new Error('no key');
      return { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey };
    },
    users: { recall: () => undefined, learn: () => undefined },
    sessionStore: noStore,
    processLine: (profile) => `/opt/stepup credentials ${profile}`,
    usedCodes: { secondsSinceUse: () => undefined, remember: () => undefined },
    gates: join(folder, 'gates'),
    ...more,
  };
}

/** A person who types these codes one after another, and what the prompt showed. */
function person(...codes: readonly string[]): CodeSource & { readonly shown: CodeRequest[] } {
  const shown: CodeRequest[] = [];
  return {
    name: 'the test',
    tellsPerson: true,
    madeHere: false,
    tries: 3,
    shown,
    code: async (request) => {
      shown.push({ ...request, refused: [...request.refused] });
      return codes[shown.length - 1] ?? '';
    },
  };
}

async function failure(promise: Promise<unknown>): Promise<readonly [string, unknown]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isStepupError(error) ? [error.code, error.fields] : ['none', error];
}

describe('how often AWS is asked', () => {
  it('once, when the device is known and the code is given', async () => {
    expect(await login(REQUEST, ports(givenCode('111111', '--code')))).toMatchObject({
      type: 'new',
      session: {
        base: 'work',
        profile: 'work-mfa',
        accessKeyId: 'ASIA1',
        authenticatedAtMs: NOW,
        serialNumber: SERIAL,
      },
    });
    expect(asked).toEqual(['GetSessionToken 111111']);
  });

  it('never, when the session still serves; once more when it is forced', async () => {
    await login(REQUEST, ports(givenCode('111111', '--code')));
    expect(await login(REQUEST, ports(undefined))).toMatchObject({
      type: 'still-valid',
      session: { accessKeyId: 'ASIA1' },
    });
    expect(asked).toHaveLength(1);
    await login({ ...REQUEST, force: true }, ports(givenCode('111111', '--code')));
    expect(asked).toHaveLength(2);
  });

  it('whose key it is, once, before a person is shown the prompt', async () => {
    const known = new Map<string, string>();
    const users = {
      recall: (id: string) => known.get(id),
      learn: (id: string, arn: string) => void known.set(id, arn),
    };
    const first = person('111111');
    await login(REQUEST, ports(first, { users }));
    expect(asked).toEqual(['GetCallerIdentity', 'GetSessionToken 111111']);
    expect(first.shown).toMatchObject([
      { userName: 'alice', accountId: ACCOUNT, serialNumber: SERIAL, attempt: 1, host: new URL(endpoint).host },
    ]);
    const second = person('111111');
    await login({ ...REQUEST, force: true }, ports(second, { users }));
    expect(asked).toEqual(['GetCallerIdentity', 'GetSessionToken 111111', 'GetSessionToken 111111']);
    expect(second.shown).toMatchObject([{ userName: 'alice' }]);
  });
});

describe('a refused code', () => {
  it('is told to the next prompt, three times at most', async () => {
    const asker = person('000001', '000002', '111111');
    expect(await login(REQUEST, ports(asker))).toMatchObject({ type: 'new' });
    expect(asker.shown.map(({ attempt, refused }) => [attempt, refused])).toEqual([
      [1, []],
      [2, ['000001']],
      [3, ['000001', '000002']],
    ]);
    const before = filesText();
    const failing = person('000001', '000002', '000003', '111111');
    expect(await failure(login({ ...REQUEST, force: true }, ports(failing)))).toMatchObject([
      'code-refused',
      { serialNumber: SERIAL },
    ]);
    expect(failing.shown).toHaveLength(3);
    expect(filesText()).toBe(before);
  });

  it('is not sent when it was used from this machine a moment ago, and remembered when AWS took it', async () => {
    const used = new Set<string>();
    const usedCodes = {
      secondsSinceUse: (_device: unknown, code: string) => (used.has(code) ? 7 : undefined),
      remember: (_device: unknown, code: string) => void used.add(code),
    };
    await login(REQUEST, ports(givenCode('111111', '--code'), { usedCodes }));
    const again = login({ ...REQUEST, force: true }, ports(givenCode('111111', '--code'), { usedCodes }));
    expect(await failure(again)).toEqual([
      'code-refused',
      { serialNumber: SERIAL, usedSecondsAgo: 7, madeHere: false },
    ]);
    expect(asked).toEqual(['GetSessionToken 111111']);
  });

  it('is not asked for again of a machine whose clock is off', async () => {
    const source = { ...person('000001', '111111'), madeHere: true };
    const result = failure(login(REQUEST, ports(source, { now: () => Date.now() + 60_000 })));
    expect(await result).toMatchObject(['code-refused', { madeHere: true, aheadSeconds: expect.any(Number) }]);
    expect(source.shown).toHaveLength(1);
  });

  it('is not tried again when it was given', async () => {
    const before = filesText();
    expect(await failure(login(REQUEST, ports(givenCode('000001', '--code'))))).toMatchObject(['code-refused', {}]);
    expect(asked).toEqual(['GetSessionToken 000001']);
    expect(filesText()).toBe(before);
  });
});

describe('nobody is asked, and nothing sent,', () => {
  const nobody: CodeSource = {
    name: 'nobody',
    tellsPerson: true,
    madeHere: false,
    tries: 3,
    code: async () => Promise.reject(new Error('was asked')),
  };

  it.each([
    ['https://evil.example', 'foreign-host'],
    ['http://10.0.0.1:1', 'plain-http'],
    ['https://sts.cn-north-1.amazonaws.com.cn', 'other-partition'],
  ])('when a code may not go to %s', async (url, because) => {
    const env = { AWS_ENDPOINT_URL: url };
    expect(await failure(login(REQUEST, ports(nobody, { env })))).toMatchObject([
      'code-destination',
      { because, customOrigin: 'AWS_ENDPOINT_URL in the environment', allowFile: '/config.json' },
    ]);
    expect(asked).toEqual([]);
  });

  it('when there is no way to ask', async () => {
    expect(await failure(login(REQUEST, ports(undefined)))).toEqual([
      'no-terminal',
      { question: 'a code', command: ['stepup', 'login', 'work'] },
    ]);
    expect(asked).toEqual([]);
  });

  it('when the section belongs to somebody else', async () => {
    writeFiles('[profile work-mfa]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = work\n');
    expect(await failure(login(REQUEST, ports(nobody)))).toMatchObject(['section-not-ours', { because: 'role' }]);
    writeFiles();
    const onBase = { ...REQUEST, updateProfile: 'work' };
    expect(await failure(login(onBase, ports(nobody)))).toMatchObject([
      'section-not-ours',
      { because: 'long-term-key' },
    ]);
  });

  it.each(['', 'x]y', 'a\nb', 'DEFAULT', '__proto__'])('when the session may not be called %j', async (name) => {
    const before = filesText();
    const request = { ...REQUEST, force: true, updateProfile: name };
    expect(await failure(login(request, ports(nobody)))).toEqual(['profile-name-unwritable', { name }]);
    expect(filesText()).toBe(before);
  });

  it('when what would be written shows already that it would be refused', async () => {
    writeFiles('[profile work-mfa]\n  [profile other]\nregion = eu-west-1\n');
    expect(await failure(login(REQUEST, ports(nobody)))).toMatchObject([
      'aws-file-edit-unsafe',
      { section: 'profile work-mfa' },
    ]);

    writeFiles('aws_access_key_id = AKIA1\naws_secret_access_key = x\n');
    const paths = { config: join(folder, 'config'), credentials: devNull };
    expect(await failure(login(REQUEST, ports(nobody, { paths })))).toEqual([
      'unsafe-path',
      { path: devNull, problem: 'not-a-regular-file' },
    ]);
  });

  it('when the base signs in otherwise', async () => {
    writeFiles(
      '[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_start_url = https://x\nsso_region = eu-west-1\n[profile browser]\nlogin_session = arn:aws:iam::123456789012:user/alice\n[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = browser\n',
    );
    for (const [profile, base, by] of [
      ['sso', 'sso', 'sso'],
      ['browser', 'browser', 'login-session'],
      ['role', 'browser', 'login-session'],
    ] as const) {
      expect(await login({ ...REQUEST, profile }, ports(nobody))).toEqual({ type: 'no-code-needed', base, by });
    }
  });

  it('when there is no key', async () => {
    writeFileSync(join(folder, 'credentials'), '');
    expect(await failure(login(REQUEST, ports(nobody)))).toEqual([
      'login-without-key',
      { profile: 'work', found: 'nothing' },
    ]);
    writeFileSync(
      join(folder, 'credentials'),
      '[other]\naws_access_key_id = ASIA9\naws_secret_access_key = x\naws_session_token = t\n',
    );
    expect(await failure(login({ ...REQUEST, profile: 'other' }, ports(nobody)))).toEqual([
      'login-without-key',
      { profile: 'other', found: 'temporary-credentials' },
    ]);
  });
});

describe('the serial number that is kept', () => {
  it('is not the one that was named for this login alone', async () => {
    const serial = { serialNumber: 'GAHT12345678', origin: '--serial-number' };
    await login({ ...REQUEST, serial }, ports(givenCode('111111', '--code')));
    expect(filesText()).toContain(`mfa_serial = ${SERIAL}\n`);
  });

  it('is, where there was none', async () => {
    const serial = { serialNumber: 'GAHT12345678', origin: '--serial-number' };
    writeFileSync(join(folder, 'config'), `[profile work]\nendpoint_url = ${endpoint}\n`);
    await login({ ...REQUEST, serial }, ports(givenCode('111111', '--code')));
    expect(filesText()).toContain('mfa_serial = GAHT12345678\n');
  });
});

it('means the base when a role profile or the session itself is named', async () => {
  writeFiles('[profile myrole]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = work-mfa\n');
  for (const profile of ['myrole', 'work-mfa']) {
    const outcome = await login({ ...REQUEST, profile, force: true }, ports(givenCode('111111', '--code')));
    expect(outcome).toMatchObject({ type: 'new', session: { base: 'work', profile: 'work-mfa' } });
  }
});

it('asks anew when the session is too old for a gate of a role that it must open', async () => {
  const faults: string[] = [];
  writeFiles(
    '[profile myrole]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = work-mfa\nstepup_mfa_max_age = 3600\n[profile chained]\nrole_arn = arn:aws:iam::123456789012:role/y\nsource_profile = myrole\nstepup_mfa_max_age = 1\n',
  );
  await login(REQUEST, ports(givenCode('111111', '--code')));
  const later = (seconds: number) =>
    ports(givenCode('111111', '--code'), { now: () => NOW + seconds * 1000, onFault: (fault) => faults.push(fault) });
  expect(await login(REQUEST, later(3599))).toMatchObject({ type: 'still-valid' });
  expect(await login(REQUEST, later(3600))).toMatchObject({ type: 'new' });
  expect(faults).toEqual(['aged']);
});

it('stops before the code is sent when it is told to', async () => {
  const beforeSend = async (): Promise<void> => Promise.reject(new Error('superseded'));
  await expect(login(REQUEST, ports(givenCode('111111', '--code'), { beforeSend }))).rejects.toThrow('superseded');
  expect(asked).toEqual([]);
});

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identified, wayTo } from '../sessions/kept-credentials.ts';
import { forgetRoleSessions, writeRoleSession } from '../sessions/role-cache.ts';
import { keptAnswer } from './kept-answer.ts';
import { readKeptLine } from './kept-line.ts';
import { keptPorts } from './kept-ports.ts';
import { keptText } from './kept-text.ts';
import { rememberedAnswer } from './remembered-answer.ts';
import { supervisionOf } from './run-in-place.ts';

const now = Date.parse('2026-03-04T09:00:00Z');
const endsMs = now + 3_600_000;
const CONFIG = `[profile work]
region = eu-west-1

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = work-mfa
region = eu-central-1
`;
const CREDENTIALS = `[work]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = long-term
`;

let home: string;
let folder: string;
const file = (name: string): string => join(home, '.aws', name);
const write = (name: string, text: string): void => writeFileSync(file(name), text);

type World = { readonly env?: Record<string, string>; readonly nowMs?: number; readonly rules?: string };
const ioOf = ({ env = {}, nowMs = now, rules = 'these' }: World = {}) => ({
  ...{ env, rules, homeDirectory: home },
  now: () => nowMs,
});
const lineOf = (text: string) => readKeptLine(text.split(' '))!;
const workedOut = (text: string, world?: World) => keptAnswer(ioOf(world), lineOf(text));
const remembered = (text: string, world?: World) => rememberedAnswer(ioOf(world), lineOf(text));

/** As if the role had been entered just now, from the files as they are. */
function keep(world?: World): void {
  const ports = keptPorts(ioOf(world));
  const way = wayTo(ports, { profile: 'deploy', mayAsk: false });
  writeRoleSession(folder, identified(ports, way).identity, {
    credentials: {
      accessKeyId: 'ASIAKEPT',
      secretAccessKey: 'kept-secret',
      sessionToken: 'kept-token',
      expiresAtMs: endsMs,
    },
  });
}

/** What the other files make of it. */
const given = (answer: ReturnType<typeof workedOut>) => {
  if (answer === undefined || typeof answer === 'string') return answer;
  return answer.type === 'command' ? supervisionOf(answer, {}) : keptText(answer);
};

const notes = (): string[] => readdirSync(folder).filter((name) => name.startsWith('way-'));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-remembered-'));
  folder = join(home, '.cache/stepup/role-sessions');
  mkdirSync(join(home, '.aws'));
  write('config', CONFIG);
  write('credentials', CREDENTIALS);
  keep();
});
afterEach(() => rmSync(home, { recursive: true }));

it('gives what was worked out once, for credentials in any format and for exec', () => {
  expect(remembered('credentials deploy')).toBeUndefined();
  const first = workedOut('credentials deploy');
  expect(JSON.parse(String(first))).toMatchObject({ AccessKeyId: 'ASIAKEPT', Expiration: '2026-03-04T10:00:00Z' });
  expect(remembered('credentials deploy')).toBe(first);
  for (const text of ['credentials deploy --format env', 'exec deploy -- sh -c true']) {
    const answer = given(remembered(text));
    expect(answer).toBeDefined();
    expect(answer).toEqual(given(workedOut(text)));
  }
  expect(remembered('exec deploy -- true')).toMatchObject({ place: { profile: 'deploy', region: 'eu-central-1' } });
});

it('remembers each region that the whole program takes', () => {
  for (const region of ['us-gov-west-1', 'EU-WEST-1', 'local']) {
    workedOut('exec deploy -- true', { env: { AWS_REGION: region } });
    expect(remembered('exec deploy -- true', { env: { AWS_REGION: region } })).toMatchObject({ place: { region } });
  }
});

describe('nothing is remembered any more', () => {
  beforeEach(() => {
    workedOut('credentials deploy');
    expect(remembered('credentials deploy')).toBeDefined();
  });
  afterEach(() => expect(remembered('credentials deploy', { rules: 'others' })).toBeUndefined());

  it.each([
    ['a letter of the config file', 'config', CONFIG.replace('role/deploy', 'role/Deploy')],
    ['two that changed places', 'config', CONFIG.replace('111122223333', '111122233233')],
    ['a blank at its end', 'config', `${CONFIG} `],
    ['a letter moved to the other file', 'config', CONFIG.slice(0, -1)],
    ['the key', 'credentials', CREDENTIALS.replace('AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLF')],
    ['a login', 'credentials', `${CREDENTIALS}\n[work-mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n`],
  ])('with %s', (_, name, text) => {
    write(name, text);
    expect(remembered('credentials deploy')).toBeUndefined();
    write(name, name === 'config' ? CONFIG : CREDENTIALS);
    expect(remembered('credentials deploy')).toBeDefined();
  });

  it.each([
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_STS',
    'AWS_ROLE_SESSION_NAME',
    'AWS_ASSUME_ROLE_TTL',
    'AWS_MIN_TTL',
    'AWS_ACCESS_KEY_ID',
    'STEPUP_KEY_STORE',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
  ])('with %s in the environment', (name) => {
    expect(remembered('credentials deploy', { env: { [name]: '1h' } })).toBeUndefined();
    expect(remembered('credentials deploy', { env: { [`NOT_${name}`]: '1h' } })).toBeDefined();
  });

  it('by another build, and for another profile', () => {
    expect(workedOut('credentials deploy', { rules: 'others' })).toBeDefined();
    expect(remembered('credentials deploy', { rules: 'others' })).toBeDefined();
    expect(remembered('credentials deploy', { rules: 'more' })).toBeUndefined();
    expect(remembered('credentials deploy2')).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  it('with a variable that is read whatever its case, as on Windows', () => {
    for (const name of ['aws_region', 'Aws_Endpoint_Url', 'stepup_key_store', 'aws_session_token']) {
      expect(remembered('credentials deploy', { env: { [name]: 'x' } })).toBeUndefined();
    }
  });

  it('near the end of the session, by what must be left of it', () => {
    expect(remembered('credentials deploy', { nowMs: endsMs - 300_001 })).toBeDefined();
    expect(remembered('credentials deploy', { nowMs: endsMs - 300_000 })).toBeUndefined();
    const env = { AWS_MIN_TTL: '10m' };
    expect(workedOut('credentials deploy', { env })).toBeDefined();
    expect(remembered('credentials deploy', { env, nowMs: endsMs - 600_001 })).toBeDefined();
    expect(remembered('credentials deploy', { env, nowMs: endsMs - 600_000 })).toBeUndefined();
  });

  it('once the session is gone; a logout takes the notes as well', () => {
    expect(forgetRoleSessions(folder, now)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(remembered('credentials deploy')).toBeUndefined();
  });

  it.each([
    ['', (text: string) => text.slice(0, 0)],
    ['half a note', (text: string) => text.slice(0, -9)],
    ['nothing', () => 'null'],
    ['a list', () => '[]'],
    ['a region of two lines', changed((note) => ({ ...note, region: 'eu\nX' }))],
    ['a region that is a host', changed((note) => ({ ...note, region: 'example.com' }))],
    ['a region that is none', changed((note) => ({ ...note, region: {} }))],
    ['a list of regions', changed((note) => ({ ...note, region: ['a', 'b'] }))],
    ['a lead that is behind', changed((note) => ({ ...note, leadMs: -1e13 }))],
    ['a lead that is none', changed((note) => ({ ...note, leadMs: 'x' }))],
    ['no identity', changed(({ identity: _, ...note }) => note)],
  ])('of a note that holds %s, and it is written anew', (_, change) => {
    const path = join(folder, notes()[0]!);
    const note = readFileSync(path, 'utf8');
    writeFileSync(path, change(note));
    expect(remembered('exec deploy -- true')).toBeUndefined();
    workedOut('credentials deploy');
    expect(readFileSync(path, 'utf8')).toBe(note);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: what a note holds is what is doubted here
type AnyNote = any;

function changed(change: (note: AnyNote) => unknown): (text: string) => string {
  return (text) => JSON.stringify(change(JSON.parse(text)));
}

it('keeps a note for an environment to itself, without any secret', () => {
  workedOut('credentials deploy');
  workedOut('credentials deploy', { env: { AWS_REGION: 'eu-west-3' } });
  expect(notes()).toHaveLength(2);
  for (const name of notes()) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/kept-secret|kept-token|long-term/);
  }
});

it('keeps a thousand notes and no more, each of use', () => {
  workedOut('credentials deploy');
  for (let n = 0; n < 1_005; n += 1) writeFileSync(join(folder, `way-${n}.json`), '{}');
  workedOut('credentials deploy', { env: { AWS_PROFILE: 'more' } });
  expect(notes().length).toBeLessThanOrEqual(1_006);
  expect(remembered('credentials deploy', { env: { AWS_PROFILE: 'more' } })).toBeDefined();
});

it('remembers nothing where a secret is in the environment', () => {
  const secrets = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  for (const name of [...secrets, 'AWS_VAULT_FILE_PASSPHRASE', 'AWS_CONFIG_FILE']) {
    const value = name === 'AWS_CONFIG_FILE' ? file('config') : 'x';
    expect(workedOut('credentials deploy', { env: { [name]: value } })).toBeDefined();
    expect(notes()).toEqual([]);
  }
  workedOut('credentials deploy', { env: { AWS_WEB_IDENTITY_TOKEN_FILE: 'x', STEPUP_PASSPHRASE_COMMAND: 'x' } });
  expect(notes()).toHaveLength(1);
});

it('remembers nothing that hangs on another file, goes to another host, may hold a password, or is in the credentials file', () => {
  const policy = join(home, 'policy.json');
  writeFileSync(policy, '{"Version":"2012-10-17"}');
  const chained = CONFIG.replace('source_profile = work-mfa', 'source_profile = first');
  const cases = [
    `${CONFIG}stepup_session_policy = ${policy}\n`,
    `${chained}\n[profile first]\nrole_arn = arn:aws:iam::111122223333:role/first\nsource_profile = work-mfa\nstepup_session_policy = ${policy}\n`,
    `${CONFIG}endpoint_url = https://sts.example.com\n`,
    `${CONFIG}services = local\n\n[services local]\ns3 =\n  endpoint_url = https://minio:hunter2@s3.example.com\n`,
    `${chained}\n[profile first]\ncredential_process = /opt/helper --password hunter3\n`,
  ];
  for (const text of cases) {
    write('config', text);
    keep();
    expect(workedOut('credentials deploy')).toBeDefined();
    expect(notes()).toEqual([]);
  }
  write('config', CONFIG);
  write(
    'credentials',
    `${CREDENTIALS}\n[work-mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\naws_session_token = t\nexpiration = 2026-03-04T10:00:00Z\nstepup_authenticated_at = 2026-03-04T08:00:00Z\nstepup_base_key_id = AKIAIOSFODNN7EXAMPLE\n`,
  );
  expect(workedOut('credentials work')).toBeDefined();
  expect(notes()).toEqual([]);
});

it('answers all the same where no note can be written', () => {
  // A folder in the place of the draft stops root as well.
  workedOut('credentials deploy');
  const [name = ''] = notes();
  rmSync(join(folder, name));
  mkdirSync(join(folder, `${name}.${process.pid}`));
  expect(workedOut('credentials deploy')).toBeDefined();
  chmodSync(folder, 0o500);
  expect(workedOut('credentials deploy')).toBeDefined();
  chmodSync(folder, 0o700);
  rmSync(join(folder, `${name}.${process.pid}`), { recursive: true });
  expect(workedOut('credentials deploy')).toBeDefined();
  expect(notes()).toEqual([name]);
});

it('leaves the names of profiles, and files that are not texts, to the next one', () => {
  workedOut('credentials deploy');
  expect(remembered('completion profiles')).toBeUndefined();
  rmSync(file('config'));
  mkdirSync(file('config'));
  expect(remembered('credentials deploy')).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptAnswer } from './kept-answer.ts';
import { readKeptLine } from './kept-line.ts';
import { keptText } from './kept-text.ts';
import { supervisionOf } from './run-in-place.ts';

const now = Date.parse('2026-03-04T09:00:00Z');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-kept-'));
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws/config'), '[profile work]\nregion = eu-west-1\n\n[profile un\u001bsafe]\n');
  writeFileSync(
    join(home, '.aws/credentials'),
    `[work]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = long-term

[work-mfa]
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = kept
aws_session_token = token
expiration = 2026-03-04T10:00:00Z
stepup_authenticated_at = 2026-03-04T08:00:00Z
stepup_base_key_id = AKIAIOSFODNN7EXAMPLE
`,
  );
});
afterEach(() => rmSync(home, { recursive: true }));

const answer = (line: string, { env = {}, nowMs = now }: { env?: Record<string, string>; nowMs?: number } = {}) => {
  const asked = readKeptLine(line.split(' '));
  const kept = asked && keptAnswer({ env, homeDirectory: home, now: () => nowMs, rules: 'test' }, asked);
  if (kept === undefined || typeof kept === 'string') return kept;
  return kept.type === 'command' ? supervisionOf(kept, env) : keptText(kept);
};

it('gives what is kept, wherever the options stand', () => {
  const json = JSON.parse(String(answer('credentials work')));
  expect(json).toEqual({
    Version: 1,
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'kept',
    SessionToken: 'token',
    Expiration: '2026-03-04T10:00:00Z',
  });
  expect(answer('credentials --no-prompt work-mfa --format env')).toContain("export AWS_SECRET_ACCESS_KEY='kept'\n");
  expect(answer('credentials --format dotenv work')).toContain('AWS_SECRET_ACCESS_KEY=kept\n');
});

it('leaves a pipe in a file’s place to the whole program, and takes nothing out of it', () => {
  const pipe = join(home, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const variable of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) {
    expect(answer('credentials work', { env: { [variable]: pipe } })).toBeUndefined();
    expect(answer('exec work -- true', { env: { [variable]: pipe } })).toBeUndefined();
  }
  expect(answer('credentials work', { env: { AWS_CONFIG_FILE: join(home, 'none') } })).toBeDefined();
});

it('says what exec runs: the command as it is written, and the environment that the child gets', () => {
  const env = { PATH: '/bin', AWS_PROFILE: 'other', AWS_REGION: 'eu-west-3' };
  expect(answer('exec work -- sh -c -- --server', { env })).toEqual({
    command: 'sh',
    args: ['-c', '--', '--server'],
    env: {
      PATH: '/bin',
      AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'kept',
      AWS_SESSION_TOKEN: 'token',
      AWS_CREDENTIAL_EXPIRATION: '2026-03-04T10:00:00Z',
      AWS_SESSION_EXPIRATION: '2026-03-04T10:00:00Z',
      AWS_REGION: 'eu-west-3',
      AWS_DEFAULT_REGION: 'eu-west-3',
      STEPUP_PLACED: 'AWS_DEFAULT_REGION=eu-west-3',
      AWS_VAULT: 'work',
      STEPUP_PROFILE: 'work',
    },
  });
  expect(answer('exec work -- true')).toMatchObject({ args: [], env: { AWS_REGION: 'eu-west-1' } });
  expect(answer('exec work-mfa -- true')).toMatchObject({ env: { AWS_VAULT: 'work-mfa' } });
});

it('names the profiles that can be typed', () => {
  expect(answer('completion profiles')).toBe('work\nwork-mfa\n');
});

it.each([
  'credentials',
  'credentials work other',
  'credentials work --format',
  'credentials work --format=env',
  'credentials work --format yaml',
  'credentials work --long-term',
  'credentials work --min-left 1h',
  'credentials work --help',
  'credentials nobody',
  'completion bash',
  'completion profiles more',
  'exec',
  'exec work',
  'exec work --',
  'exec work true',
  'exec -- true',
  'exec --server work -- true',
  'exec work --server -- true',
  'exec work --nested -- true',
  'exec nobody -- true',
  'login work',
  '--help',
])('leaves %s to the whole program', (line) => {
  expect(answer(line)).toBeUndefined();
});

it('leaves a session that has ended, and whatever is wrong with the files, to the whole program', () => {
  expect(answer('credentials work', { nowMs: now + 3_600_000 })).toBeUndefined();
  expect(answer('exec work -- true', { nowMs: now + 3_600_000 })).toBeUndefined();
  expect(answer('exec work -- true', { env: { AWS_VAULT: 'other' } })).toBeUndefined();
  expect(answer('exec work -- true', { env: { STEPUP_PROFILE: 'other' } })).toBeUndefined();
  expect(answer('credentials work', { env: { AWS_MIN_TTL: 'soon' } })).toBeUndefined();
  writeFileSync(join(home, '.aws/config'), 'no section = here\n');
  expect(answer('credentials work')).toBeUndefined();
  expect(answer('completion profiles')).toBeUndefined();
});

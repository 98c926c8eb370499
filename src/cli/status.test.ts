import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeIo } from '../../test/support/fake-io.ts';
import { run } from './run.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'status-'));
  mkdirSync(join(home, '.aws'));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(config: string, credentials: string): void {
  writeFileSync(join(home, '.aws', 'config'), config);
  writeFileSync(join(home, '.aws', 'credentials'), credentials);
}

async function status(...args: readonly string[]) {
  const io = fakeIo(['status', ...args], { home, nowMs: NOW });
  expect(await run(io)).toBe(0);
  expect(io.err()).toBe('');
  return io.out();
}

const KEY = '[work]\naws_access_key_id = AKIA1\naws_secret_access_key = hush\n';
const SESSION =
  '[work-mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = hush\naws_session_token = hush\nexpiration = 2026-01-02T13:30:00Z\nstepup_authenticated_at = 2026-01-02T11:40:00Z\nstepup_base_key_id = AKIA1\n';
const ROLES =
  '[profile deploy]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = work-mfa\nstepup_mfa_max_age = 3600\n[profile old]\nrole_arn = arn:aws:iam::123456789012:role/old\nsource_profile = work-mfa\nstepup_mfa_max_age = 60\n';

it('shows bases, sessions and what each role profile does now', async () => {
  write(ROLES, KEY + SESSION);
  expect(await status()).toBe(
    [
      'BASE  SIGNS IN BY    SESSION   AGE     LEFT        DEVICE',
      'work  long-term key  work-mfa  20 min  1 h 30 min',
      '',
      'ROLE PROFILE  BASE  GATE   NOW                    ROLE',
      'deploy        work  1 h    opens for 40 min       arn:aws:iam::123456789012:role/deploy',
      'old           work  1 min  too old: needs a code  arn:aws:iam::123456789012:role/old',
      '',
      '! work: its long-term key is in plain text. Move it: stepup keys move work',
      '',
    ].join('\n'),
  );
});

it('knows key and session in stores, opens none, and warns of no plain text then', async () => {
  const stored = '[profile work]\nstepup_key_store = pass\nstepup_key_id = AKIA1\n';
  const session =
    '[profile work-mfa]\ncredential_process = /opt/stepup credentials work-mfa\nstepup_session_store = keychain\nstepup_session_key_id = ASIA1\nexpiration = 2026-01-02T13:30:00Z\nstepup_authenticated_at = 2026-01-02T11:40:00Z\nstepup_base_key_id = AKIA1\n';
  write(stored + session + ROLES, '');
  const text = await status();
  expect(text).toMatch(/work +key in a store +work-mfa +20 min +1 h 30 min/);
  expect(text).toMatch(/deploy +work +1 h +opens for 40 min/);
  expect(text).not.toContain('plain text');
  expect(JSON.parse(await status('--json')).bases).toMatchObject([
    { profile: 'work', keyStore: 'pass', session: { profile: 'work-mfa', store: 'keychain', serves: true } },
  ]);
});

it('prints the same as JSON, without a secret', async () => {
  write(ROLES, KEY + SESSION);
  const text = await status('--json');
  expect(text).not.toContain('hush');
  expect(JSON.parse(text)).toMatchObject({
    bases: [{ profile: 'work', session: { profile: 'work-mfa', ageSeconds: 1200, leftSeconds: 5400, serves: true } }],
    roles: [
      { profile: 'deploy', verdict: 'opens', opensUntil: '2026-01-02T12:40:00.000Z' },
      { profile: 'old', verdict: 'aged' },
    ],
  });
});

it('colours the time that is left, and knows the sessions that others made', async () => {
  const other = (end: string) =>
    `aws_access_key_id = ASIA2\naws_secret_access_key = hush\naws_session_token = hush\n${end}`;
  write(
    `${ROLES}stepup_unused = x\n`,
    `${KEY}${SESSION.replace('13:30', '12:10')}[123456789012-phone]\n${other('')}[vault]\n${other('x_security_token_expires = 2026-01-02T11:00:00Z\n')}`,
  );
  const io = fakeIo(['status'], { home, nowMs: NOW });
  Object.assign(io.stdout, { isTTY: true });
  expect(await run(io)).toBe(0);
  const [yellow, red] = ['\u001b[33m', '\u001b[31m'];
  expect(io.out()).toContain(`${yellow}10 min`);
  expect(io.out()).toContain(`${yellow}opens for 10 min`);
  expect(io.out()).toContain(`${red}too old: needs a code`);
  expect(io.out()).toMatch(/123456789012-phone +unknown/);
  expect(io.out()).toContain(`vault               ${red}ended`);
});

it('says so when there is nothing', async () => {
  expect(await status()).toBe('There is no profile with AWS credentials.\n');
});

it('makes names harmless, and shows profiles that nobody can resolve', async () => {
  write('[profile "a\u001b[2J"]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = nowhere\n', '');
  const text = await status();
  expect(text).toContain('a\\e[2J');
  expect(text).not.toContain('\u001b');
});

it('forgets sessions at logout: the MFA session, and what the AWS CLI keeps of its roles', async () => {
  write(ROLES, KEY + SESSION);
  const cache = join(home, '.aws', 'cli', 'cache');
  mkdirSync(cache, { recursive: true });
  const entry = (role: string) =>
    JSON.stringify({ AssumedRoleUser: { Arn: `arn:aws:sts::123456789012:assumed-role/${role}/me` } });
  writeFileSync(join(cache, 'a.json'), entry('deploy'));
  writeFileSync(join(cache, 'b.json'), entry('somebody-elses'));
  writeFileSync(join(cache, 'c.json'), '{"broken"');

  const io = fakeIo(['logout', 'deploy'], { home, nowMs: NOW });
  expect(await run(io)).toBe(0);
  expect(io.err()).toContain('Forgotten: the MFA session in work-mfa and 1 role session.');
  expect(io.err()).toContain('AWS honours them until');
  expect(readdirSync(cache)).toEqual(['b.json', 'c.json']);
  expect(readFileSync(join(home, '.aws', 'credentials'), 'utf8')).toBe(KEY);

  const again = fakeIo(['logout', '--all'], { home, nowMs: NOW });
  expect(await run(again)).toBe(0);
  expect(again.err()).toBe('There is no session to forget.\n');
});

it('says of a base whose codes come with nobody there that its two factors are one', async () => {
  write('[profile work]\nmfa_process = /opt/code\n', KEY);
  expect(await status()).toContain('! work: mfa_process gives codes with no person there');
  write('[profile work]\nstepup_key_store = pass\nstepup_code_source = pass\n', '');
  expect(await status()).toContain('! work: key and code both come from pass');
});

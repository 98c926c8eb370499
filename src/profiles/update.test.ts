import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAwsFiles, readAwsFiles } from './aws-files.ts';
import { diffEdits, diffLines } from './edit-diff.ts';
import { planRepoint } from './repoint.ts';
import { requireOwnSection, sectionOwner } from './section-owner.ts';
import { planSessionRemoval, planSessionWrite, type SessionToWrite } from './session-section.ts';
import { editedText, updateAwsFiles } from './update.ts';

let folder: string;
let paths: { config: string; credentials: string };
const lock = { program: 'the test', waitMs: 5000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-aws-'));
  paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const session: SessionToWrite = {
  base: 'work',
  profile: 'work-mfa',
  accessKeyId: 'ASIA1',
  secretAccessKey: 'S2',
  sessionToken: 'T2',
  expiresAtMs: Date.UTC(2026, 1, 3, 16, 5, 6, 789),
  authenticatedAtMs: Date.UTC(2026, 1, 3, 4, 5, 6),
  baseKeyId: 'AKIA1',
  mfaSerial: 'arn:aws:iam::1:mfa/a',
};

const CREDENTIALS = '# keys\n[work]\naws_access_key_id = AKIA1\naws_secret_access_key = S1\n';
const SESSION_LINES = `[work-mfa]
aws_access_key_id = ASIA1
aws_secret_access_key = S2
aws_session_token = T2
expiration = 2026-02-03T16:05:06Z
stepup_authenticated_at = 2026-02-03T04:05:06Z
stepup_base_key_id = AKIA1
`;

/** Both files after the session is written. */
function written(config: string, credentials: string, more: Partial<SessionToWrite> = {}): [string, string] {
  const files = parseAwsFiles(paths, config, credentials);
  const edits = planSessionWrite(files, { ...session, ...more });
  return [editedText(files.config, edits), editedText(files.credentials, edits)];
}

describe('a session in the files', () => {
  it('is written with its dates, the region of its base, and the serial on the base', () => {
    const config =
      '[profile work] # mine\nregion = eu-west-1\noutput = json\n\n# roles\n[profile admin]\nrole_arn = r\nsource_profile = work-mfa\n';
    expect(written(config, CREDENTIALS)).toEqual([
      '[profile work] # mine\nregion = eu-west-1\noutput = json\nmfa_serial = arn:aws:iam::1:mfa/a\n\n# roles\n[profile admin]\nrole_arn = r\nsource_profile = work-mfa\n\n[profile work-mfa]\nregion = eu-west-1\n',
      `${CREDENTIALS}\n${SESSION_LINES}`,
    ]);
  });

  it('is replaced in its place, and nothing of the old one stays', () => {
    const old =
      '[work-mfa]\naws_access_key_id=ASIA0\naws_secret_access_key=S0\naws_session_token=T0\naws_security_token=T0\nx_security_token_expires=2020-01-01T00:00:00Z\nstepup_endpoint = http://127.0.0.1:1\nregion = x\n';
    const [, credentials] = written('', `${old}\n${CREDENTIALS}`);
    expect(credentials).toBe(
      `[work-mfa]\naws_access_key_id=ASIA1\naws_secret_access_key=S2\naws_session_token=T2\nregion = x\nexpiration = 2026-02-03T16:05:06Z\nstepup_authenticated_at = 2026-02-03T04:05:06Z\nstepup_base_key_id = AKIA1\n\n${CREDENTIALS}`,
    );
  });

  it('goes where its base goes: endpoint keys follow, a region of its own stays', () => {
    const config =
      '[profile work]\nendpoint_url = http://127.0.0.1:9\nregion = a\nmfa_serial = arn:aws:iam::1:mfa/a\n[profile work-mfa]\nregion = b\nservices = gone\n';
    const [text, credentials] = written(config, CREDENTIALS, { endpoint: 'http://127.0.0.1:9' });
    expect(text).toBe(
      '[profile work]\nendpoint_url = http://127.0.0.1:9\nregion = a\nmfa_serial = arn:aws:iam::1:mfa/a\n[profile work-mfa]\nregion = b\nendpoint_url = http://127.0.0.1:9\n',
    );
    expect(credentials).toContain('stepup_endpoint = http://127.0.0.1:9\n');
  });

  it('sets the serial where it stands already', () => {
    const [config, credentials] = written('', `${CREDENTIALS}mfa_serial = old\n`);
    expect(config).toBe('');
    expect(credentials).toContain('mfa_serial = arn:aws:iam::1:mfa/a\n');
  });

  it('under another name says whose it is, and only the last one does', () => {
    expect(written('', CREDENTIALS, { profile: 'today' })[0]).toContain(
      '[profile today]\nstepup_base_profile = work\n',
    );
    const again = written('[profile today]\nstepup_base_profile = work\n', CREDENTIALS, { profile: 'work-mfa' })[0];
    expect(again).toContain('[profile work-mfa]\nstepup_base_profile = work\n');
    expect(again).toContain('[profile today]\n\n');
  });

  it.each([
    ['[work-mfa]\naws_access_key_id = AKIA7\naws_secret_access_key = S\n', '', 'long-term-key', 'credentials', 2],
    [
      '[work-mfa]\naws_access_key_id = AKIA7\naws_secret_access_key = S\naws_session_token = T\n',
      '',
      'long-term-key',
      'credentials',
      2,
    ],
    ['', '[profile work-mfa]\nregion = x\nrole_arn = r\nsource_profile = work\n', 'role', 'config', 3],
    ['', '[profile work-mfa]\ncredential_process = /usr/bin/other\n', 'credential-process', 'config', 2],
    ['', '[profile work-mfa]\nsso_session = s\n', 'sso', 'config', 2],
    ['', '[profile work-mfa]\nlogin_session = arn\n', 'login-session', 'config', 2],
    ['', '[profile work-mfa]\nweb_identity_token_file = f\n', 'web-identity', 'config', 2],
    ['', '[profile work-mfa]\nstepup_key_store = keychain\n', 'long-term-key', 'config', 2],
  ] as const)('is not written over %j %j', (credentials, config, because, file, line) => {
    expect(() => written(config, credentials)).toThrow(
      expect.objectContaining({
        code: 'section-not-ours',
        fields: expect.objectContaining({ because, path: paths[file], line }),
      }),
    );
  });

  it('may replace our own, and the temporary credentials of a script', () => {
    const owner = (credentials: string, config = '') =>
      sectionOwner(parseAwsFiles(paths, config, credentials), 'work-mfa').type;
    expect(owner('')).toBe('free');
    expect(owner('', '[profile work-mfa]\nregion = x\n')).toBe('free');
    expect(owner(SESSION_LINES)).toBe('ours');
    expect(owner('', '[profile work-mfa]\ncredential_process = stepup credentials work-mfa\n')).toBe('ours');
    const script = '[work-mfa]\naws_access_key_id = ASIA7\naws_secret_access_key = S\naws_session_token = T\n';
    expect(owner(script)).toBe('temporary');
    expect(() => requireOwnSection(parseAwsFiles(paths, '', script), 'work-mfa')).not.toThrow();
  });

  it('is removed without a trace, or with what else is there left', () => {
    const removed = (credentials: string): string => {
      const files = parseAwsFiles(paths, '', credentials);
      return editedText(files.credentials, planSessionRemoval(files, 'work-mfa'));
    };
    expect(removed(`${CREDENTIALS}\n${SESSION_LINES}`)).toBe(CREDENTIALS);
    expect(removed(`${SESSION_LINES}region = x\n`)).toBe('[work-mfa]\nregion = x\n');
    expect(removed(CREDENTIALS)).toBe(CREDENTIALS);
    const foreign = '[work-mfa]\naws_access_key_id = ASIA7\naws_secret_access_key = S\naws_session_token = T\n';
    expect(removed(foreign)).toBe(foreign);
  });
});

describe('updateAwsFiles', () => {
  it('writes both files, narrows the credentials file, and says so', async () => {
    writeFileSync(paths.credentials, CREDENTIALS);
    chmodSync(paths.credentials, 0o644);
    writeFileSync(paths.config, '');
    chmodSync(paths.config, 0o644);
    const outcome = await updateAwsFiles(paths, (files) => planSessionWrite(files, session), lock);
    expect(outcome).toEqual({
      config: { type: 'written', path: paths.config, created: false },
      credentials: { type: 'written', path: paths.credentials, created: false, narrowedFrom: 0o644 },
    });
    expect(statSync(paths.credentials).mode & 0o777).toBe(0o600);
    expect(statSync(paths.config).mode & 0o777).toBe(0o644);
    expect(readAwsFiles(paths).profiles.get('work-mfa')?.settings.get('aws_session_token')?.value).toBe('T2');
    const again = await updateAwsFiles(paths, (files) => planSessionWrite(files, session), lock);
    expect([again.config.type, again.credentials.type]).toEqual(['unchanged', 'unchanged']);
  });

  it('writes neither when one of them does not parse, or is not ours to write', async () => {
    writeFileSync(paths.config, '[profile a\n');
    writeFileSync(paths.credentials, CREDENTIALS);
    await expect(updateAwsFiles(paths, (files) => planSessionWrite(files, session), lock)).rejects.toMatchObject({
      code: 'aws-file-syntax',
      fields: { path: paths.config, line: 1 },
    });
    writeFileSync(paths.config, '');
    writeFileSync(
      paths.credentials,
      `${CREDENTIALS}[work-mfa]\naws_access_key_id = AKIA7\naws_secret_access_key = S\n`,
    );
    const before = readFileSync(paths.credentials, 'utf8');
    await expect(updateAwsFiles(paths, (files) => planSessionWrite(files, session), lock)).rejects.toMatchObject({
      code: 'section-not-ours',
    });
    expect(readFileSync(paths.credentials, 'utf8')).toBe(before);
    expect(readFileSync(paths.config, 'utf8')).toBe('');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('takes two names of one file for one file', async () => {
    const one = { config: paths.config, credentials: paths.config };
    writeFileSync(
      paths.config,
      '[profile work]\nregion = x\n[work]\naws_access_key_id = AKIA1\naws_secret_access_key = S1\n',
    );
    await updateAwsFiles(one, (files) => planSessionWrite(files, session), lock);
    const { profiles } = readAwsFiles(one);
    expect(profiles.get('work-mfa')?.config.get('region')?.value).toBe('x');
    expect(profiles.get('work-mfa')?.credentials.get('aws_session_token')?.value).toBe('T2');
    expect(profiles.get('work')?.settings.get('mfa_serial')?.value).toBe(session.mfaSerial);
  });

  it('writes a session where there shall be no config file, but not where there shall be no credentials', async () => {
    writeFileSync(paths.credentials, CREDENTIALS);
    const withoutConfig = { ...paths, config: '/dev/null' };
    await updateAwsFiles(withoutConfig, (files) => planSessionWrite(files, session), lock);
    expect(readAwsFiles(withoutConfig).profiles.has('work-mfa')).toBe(true);
    const withoutCredentials = { ...paths, credentials: '/dev/null' };
    await expect(
      updateAwsFiles(withoutCredentials, (files) => planSessionWrite(files, session), lock),
    ).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  it('loses no update of many at once', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        updateAwsFiles(
          paths,
          () => [
            { type: 'set', file: 'config', profile: `p${index}`, values: { region: 'x' } },
            { type: 'set', file: 'credentials', profile: `p${index}`, values: { aws_access_key_id: `ASIA${index}` } },
          ],
          lock,
        ),
      ),
    );
    const { profiles } = readAwsFiles(paths);
    for (let index = 0; index < 40; index += 1) {
      expect(profiles.get(`p${index}`)?.settings.get('aws_access_key_id')?.value).toBe(`ASIA${index}`);
      expect(profiles.get(`p${index}`)?.settings.get('region')?.value).toBe('x');
    }
  });
});

describe('repointing', () => {
  const config =
    '[profile work]\nregion = x\n\n[profile admin]\nrole_arn = r\nsource_profile = work\nregion = y\n[profile other]\nrole_arn = r\nsource_profile = play\n';

  it('changes the source of the named profiles that have it', () => {
    const files = parseAwsFiles(paths, config, CREDENTIALS);
    const edits = planRepoint(files, ['admin', 'other', 'gone'], ['work'], 'work-mfa');
    expect(edits).toEqual([{ type: 'set', file: 'config', profile: 'admin', values: { source_profile: 'work-mfa' } }]);
    expect(diffEdits(files, edits)).toEqual([
      {
        path: paths.config,
        hunks: [
          {
            oldStart: 4,
            newStart: 4,
            lines: [
              { type: 'same', text: '[profile admin]' },
              { type: 'same', text: 'role_arn = r' },
              { type: 'removed', text: 'source_profile = work' },
              { type: 'added', text: 'source_profile = work-mfa' },
              { type: 'same', text: 'region = y' },
              { type: 'same', text: '[profile other]' },
            ],
          },
        ],
      },
    ]);
  });

  it('shows no secret in a diff', () => {
    const files = parseAwsFiles(paths, '', `[work]\n#aws_secret_access_key = OLD\naws_secret_access_key = S1\n`);
    const [diff] = diffEdits(files, planSessionWrite(files, session).slice(0, 1));
    const text = JSON.stringify(diff);
    for (const secret of ['OLD', 'S1', 'S2', 'T2']) expect(text).not.toContain(`= ${secret}`);
    expect(text).toContain('aws_secret_access_key = …');
  });
});

describe('diffLines', () => {
  const show = (before: string, after: string) =>
    diffLines(before, after).map(({ oldStart, newStart, lines }) => [
      `${oldStart},${newStart}`,
      ...lines.map(({ type, text }) => `${{ same: ' ', removed: '-', added: '+' }[type]}${text}`),
    ]);

  it('gives one hunk for each place', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `l${index}`);
    const after = lines.with(1, 'x').toSpliced(10, 1);
    expect(show(lines.join('\n'), after.join('\n'))).toEqual([
      ['1,1', ' l0', '-l1', '+x', ' l2', ' l3'],
      ['9,9', ' l8', ' l9', '-l10', ' l11'],
    ]);
    expect(show('a\n', 'a\n')).toEqual([]);
    expect(show('', 'a\n')).toEqual([['1,1', '+a']]);
    expect(show('a\nb\nc\nd\n', 'b\nx\nd\ne\n')).toEqual([['1,1', '-a', ' b', '-c', '+x', ' d', '+e']]);
  });
});

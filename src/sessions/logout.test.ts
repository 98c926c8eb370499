import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noStore } from '../../test/support/memory-store.ts';
import { logout, logoutOfAll } from './logout.ts';
import { type RoleSessionIdentity, readRoleSession, writeRoleSession } from './role-cache.ts';

const nowMs = Date.UTC(2026, 0, 5, 8);
const role = { roleArn: 'arn:aws:iam::111122223333:role/deploy', sessionName: 'me', durationSeconds: 3_600 };
const heldSession = `[work-mfa]
aws_access_key_id = ASIAMFA
aws_secret_access_key = s
aws_session_token = t
expiration = ${new Date(nowMs + 3_600_000).toISOString()}
stepup_base_key_id = AKIAWORK
`;
const keyInFile = '[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-logout-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('logout', () => {
  it.each([
    [
      'a key in a store, whose id the role session does not name',
      '[work]\nstepup_key_store = age\n',
      heldSession,
      'profile work',
    ],
    ['a key in the file without its MFA session', '', keyInFile, 'AKIAWORK'],
    ['a key in the file with its MFA session', '', keyInFile + heldSession, 'AKIAWORK'],
    [
      'a key that took the place of the one before',
      '',
      `${keyInFile.replace('AKIAWORK', 'AKIANEW')}${heldSession}`,
      'AKIANEW',
    ],
  ])('forgets the role sessions of %s', async (_, config, credentials, base) => {
    const paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
    writeFileSync(paths.config, config.replace('[work]', '[profile work]'), { mode: 0o600 });
    writeFileSync(paths.credentials, credentials, { mode: 0o600 });
    const roleSessions = join(folder, 'roles');
    const identity: RoleSessionIdentity = { endpoint: 'AWS', base, roles: [role] };
    const other: RoleSessionIdentity = { ...identity, base: 'AKIAOTHER' };
    const kept = {
      credentials: { accessKeyId: 'ASIAROLE', secretAccessKey: 's', sessionToken: 't', expiresAtMs: nowMs + 1_000_000 },
    };
    writeRoleSession(roleSessions, identity, kept);
    writeRoleSession(roleSessions, other, kept);
    const outcome = await logout('work', {
      env: {},
      paths,
      nowMs,
      roleSessions,
      awsCliCache: join(folder, 'cli-cache'),
      program: 'test',
      sessionStore: noStore,
    });
    expect(outcome.ownRoleSessions).toBe(1);
    expect(readRoleSession(roleSessions, identity, nowMs)).toBeUndefined();
    expect(readRoleSession(roleSessions, other, nowMs)).toBeDefined();
  });

  it('of all leaves no role session behind, not those of a base without an MFA session either', async () => {
    const paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
    writeFileSync(paths.config, '[profile sso]\nsso_session = s\n', { mode: 0o600 });
    const roleSessions = join(folder, 'roles');
    const identity: RoleSessionIdentity = { endpoint: 'of sso', base: 'profile sso', roles: [role] };
    writeRoleSession(roleSessions, identity, {
      credentials: { accessKeyId: 'ASIAROLE', secretAccessKey: 's', sessionToken: 't', expiresAtMs: nowMs + 1_000_000 },
    });
    const awsCliCache = join(folder, 'cli-cache');
    const outcomes = await logoutOfAll({
      env: {},
      paths,
      nowMs,
      roleSessions,
      awsCliCache,
      program: 'test',
      sessionStore: noStore,
    });
    expect(outcomes).toMatchObject([{ ownRoleSessions: 1 }]);
    expect(readRoleSession(roleSessions, identity, nowMs)).toBeUndefined();
  });
});

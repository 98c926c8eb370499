import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetRoleSessions, type RoleSessionIdentity, readRoleSession, writeRoleSession } from './role-cache.ts';

const role = { roleArn: 'arn:aws:iam::111122223333:role/deploy', sessionName: 'me', durationSeconds: 3600 };
const identity: RoleSessionIdentity = { endpoint: 'https://sts.amazonaws.com', base: 'AKIAEXAMPLE', roles: [role] };
const session = {
  credentials: { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiresAtMs: 10_000 },
  authenticatedAtMs: 1_000,
};

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stepup-cache-'));
  folder = join(root, 'roles');
});
afterEach(() => rmSync(root, { recursive: true }));

const onlyFile = (): string => join(folder, readdirSync(folder)[0]!);

describe('the cache of role sessions', () => {
  it('gives back what was kept, privately', () => {
    writeRoleSession(folder, identity, session);
    expect(readRoleSession(folder, identity, 9_999)).toEqual(session);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  it('serves nothing past its end, nor what ends before it is needed', () => {
    writeRoleSession(folder, identity, session);
    expect(readRoleSession(folder, identity, 10_000)).toBeUndefined();
  });

  it('keeps apart whatever differs in anything that shapes a session', () => {
    const others: RoleSessionIdentity[] = [
      { ...identity, endpoint: 'http://127.0.0.1:1' },
      { ...identity, base: 'AKIAOTHER' },
      ...[
        { roleArn: `${role.roleArn}x` },
        { sessionName: 'you' },
        { durationSeconds: 900 },
        { externalId: 'x' },
        { sessionPolicy: '{}' },
        { sessionPolicyArns: ['arn'] },
        { tags: [['a', 'b']] as const },
        { transitiveTagKeys: ['a'] },
        { sourceIdentity: 'me' },
      ].map((change) => ({ ...identity, roles: [{ ...role, ...change }] })),
      { ...identity, roles: [role, role] },
    ];
    writeRoleSession(folder, identity, session);
    for (const other of others) expect(readRoleSession(folder, other, 0)).toBeUndefined();
    expect(readRoleSession(folder, identity, 0)).toEqual(session);
  });

  it('throws away a broken entry, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.uint8Array().filter((bytes) => bytes.length > 0),
        ),
        (text) => {
          writeRoleSession(folder, identity, session);
          writeFileSync(onlyFile(), text);
          expect(readRoleSession(folder, identity, 0)).toBeUndefined();
          expect(readdirSync(folder)).toEqual([]);
        },
      ),
    );
  });

  it('throws away the entry of another identity under its own name', () => {
    writeRoleSession(folder, { ...identity, base: 'AKIAOTHER' }, session);
    const foreign = onlyFile();
    writeRoleSession(folder, identity, session);
    const own = readdirSync(folder)
      .map((name) => join(folder, name))
      .find((path) => path !== foreign)!;
    writeFileSync(own, '');
    rmSync(own);
    writeFileSync(own, JSON.stringify({ version: 1, identity: 'another', session }));
    expect(readRoleSession(folder, identity, 0)).toBeUndefined();
  });

  it('narrows a file that others could read', () => {
    writeRoleSession(folder, identity, session);
    chmodSync(onlyFile(), 0o644);
    writeRoleSession(folder, identity, session);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  it("forgets one base's sessions, and whatever nobody can use", () => {
    writeRoleSession(folder, identity, session);
    writeRoleSession(folder, { ...identity, base: 'AKIAOTHER' }, session);
    writeRoleSession(
      folder,
      { ...identity, base: 'AKIAENDED' },
      { credentials: { ...session.credentials, expiresAtMs: 1 } },
    );
    expect(forgetRoleSessions(folder, 5_000, ['AKIAEXAMPLE'])).toBe(1);
    expect(readRoleSession(folder, identity, 0)).toBeUndefined();
    expect(readRoleSession(folder, { ...identity, base: 'AKIAOTHER' }, 0)).toEqual(session);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(forgetRoleSessions(folder, 5_000)).toBe(1);
    expect(forgetRoleSessions(join(root, 'nowhere'), 0)).toBe(0);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MemoryStore, memoryStore } from '../../test/support/memory-store.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import type { SessionToWrite } from '../profiles/session-section.ts';
import { keptSession, openSession } from './kept-session.ts';
import { logout } from './logout.ts';
import { bringTo, keepSession, type SessionPlacePorts, sessionPlace } from './session-place.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const CONFIG = '[profile work]\nregion = eu-west-1\n\n[profile role]\nrole_arn = arn:role\nsource_profile = work-mfa\n';
const KEY = '[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = x\n';
const SECRETS = { accessKeyId: 'ASIA1', secretAccessKey: 'the secret', sessionToken: 'the token' };
const SESSION: SessionToWrite = {
  ...SECRETS,
  base: 'work',
  profile: 'work-mfa',
  expiresAtMs: NOW + 3_600_000,
  authenticatedAtMs: NOW,
  baseKeyId: 'AKIAWORK',
};

let folder: string;
let stores: Record<string, MemoryStore>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-place-'));
  writeFileSync(paths().config, CONFIG);
  writeFileSync(paths().credentials, KEY, { mode: 0o600 });
  stores = { keychain: memoryStore('keychain'), age: memoryStore('age') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const paths = () => ({ config: join(folder, 'config'), credentials: join(folder, 'credentials') });
const text = (file: 'config' | 'credentials') => readFileSync(paths()[file], 'utf8');
const kept = () => keptSession(readAwsFiles(paths()), 'work-mfa', {});

function ports(env = {}): SessionPlacePorts {
  return {
    env,
    paths: paths(),
    askedBy: 'the test',
    sessionStore: async (store) => stores[store]!,
    processLine: (profile) => `/opt/stepup credentials ${profile}`,
  };
}

const opened = () => openSession(kept()!, 'work-mfa', async (store) => stores[store]!);
const place = (store?: string, env = {}) => {
  const files = readAwsFiles(paths());
  return sessionPlace(files, resolveProfile(files, 'work', {}), 'work-mfa', { store }, ports(env));
};

describe('a session in a store', () => {
  it('leaves no secret in the files, and all that others need to find it', async () => {
    await keepSession(SESSION, undefined, undefined, ports());
    expect(text('credentials')).toContain('the token');
    await keepSession(SESSION, stores['keychain'], kept(), ports());
    expect(text('credentials')).toBe(KEY);
    expect(text('config')).toBe(
      `${CONFIG}\n[profile work-mfa]\nregion = eu-west-1\ncredential_process = /opt/stepup credentials work-mfa\nstepup_session_store = keychain\nstepup_session_key_id = ASIA1\nexpiration = 2026-01-02T04:04:05Z\nstepup_authenticated_at = 2026-01-02T03:04:05Z\nstepup_base_key_id = AKIAWORK\n`,
    );
    expect(kept()).toMatchObject({ type: 'stored-session', base: 'work', expiresAtMs: NOW + 3_600_000 });
    expect(await opened()).toMatchObject({ type: 'session', ...SECRETS });
  });

  it('is none while the store holds another one, or nothing that can be read', async () => {
    await keepSession(SESSION, stores['keychain'], undefined, ports());
    for (const other of [JSON.stringify({ ...SECRETS, accessKeyId: 'ASIA2' }), '{"accessKeyId": 1}', 'x']) {
      stores['keychain']?.secrets.set('session/work-mfa', other);
      expect(await opened()).toBeUndefined();
    }
  });

  it('moves to another place without a code, and stays nowhere else', async () => {
    const to = (there: MemoryStore | undefined) =>
      bringTo(there, kept()!, { base: 'work', profile: 'work-mfa' }, ports());
    await keepSession(SESSION, undefined, undefined, ports());
    await to(stores['keychain']);
    expect(text('credentials')).toBe(KEY);
    await to(stores['age']);
    expect([stores['keychain']?.secrets.size, stores['age']?.secrets.size]).toEqual([0, 1]);
    expect(await opened()).toMatchObject(SECRETS);
    await to(undefined);
    expect(stores['age']?.secrets.size).toBe(0);
    expect(text('config')).not.toMatch(/credential_process|stepup_/);
    expect(kept()).toMatchObject({ type: 'session', ...SECRETS, baseKeyId: 'AKIAWORK' });
  });

  it('goes where it was asked for, else where the last one went, else where base or environment say', async () => {
    expect(await place()).toBeUndefined();
    expect(await place(undefined, { STEPUP_SESSION_STORE: 'age' })).toBe(stores['age']);
    writeFileSync(paths().config, CONFIG.replace('eu-west-1', 'eu-west-1\nstepup_session_store = keychain'));
    expect(await place(undefined, { STEPUP_SESSION_STORE: 'age' })).toBe(stores['keychain']);
    expect(await place('file')).toBeUndefined();
    await keepSession(SESSION, stores['age'], undefined, ports());
    expect(await place()).toBe(stores['age']);
    expect(await place('keychain')).toBe(stores['keychain']);
  });

  it('is forgotten by a logout, and the way to the next one stays', async () => {
    await keepSession(SESSION, stores['keychain'], undefined, ports());
    const outcome = await logout('role', {
      ...ports(),
      nowMs: NOW,
      roleSessions: join(folder, 'roles'),
      awsCliCache: join(folder, 'cli'),
      program: 'the test',
    });
    expect(outcome).toMatchObject({ session: { profile: 'work-mfa', expiresAtMs: NOW + 3_600_000 } });
    expect(stores['keychain']?.secrets.size).toBe(0);
    expect(kept()).toBeUndefined();
    expect(text('config').split('[profile work-mfa]')[1]).toBe(
      '\nregion = eu-west-1\ncredential_process = /opt/stepup credentials work-mfa\nstepup_session_store = keychain\n',
    );
    expect(await place()).toBe(stores['keychain']);
  });
});

import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../profiles/aws-files.ts';
import { faultOf, type MfaSession, readMfaSession, type SessionNeeds } from './mfa-session.ts';

const NOW = Date.UTC(2026, 0, 2, 12);

function sessionIn(text: string): MfaSession | undefined {
  const files = parseAwsFiles({ config: '/config', credentials: '/credentials' }, '', text);
  return readMfaSession(files.profiles.get('work-mfa')!);
}

describe('readMfaSession', () => {
  const keys = '[work-mfa]\naws_access_key_id = ASIA1\naws_secret_access_key = s\n';

  it('reads what stepup writes', () => {
    const text = `${keys}aws_session_token = t\nexpiration = 2026-01-02T13:00:00Z\nstepup_authenticated_at = 2026-01-02T11:50:00Z\nstepup_base_key_id = AKIA1\nstepup_endpoint = aws\n`;
    expect(sessionIn(text)).toEqual({
      profile: 'work-mfa',
      credentials: { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiresAtMs: NOW + 3_600_000 },
      authenticatedAtMs: NOW - 600_000,
      baseKeyId: 'AKIA1',
      endpoint: 'aws',
    });
  });

  it("reads others' for what they tell", () => {
    expect(sessionIn(`${keys}aws_session_token = t\nx_security_token_expires = 2026-01-02T13:00:00Z\n`)).toEqual({
      profile: 'work-mfa',
      credentials: { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiresAtMs: NOW + 3_600_000 },
    });
  });

  it.each([
    keys,
    `${keys}aws_session_token = t\n`,
    `${keys}aws_session_token = t\nexpiration = soon\n`,
    '[work-mfa]\n',
  ])('finds none in %j', (text) => {
    expect(sessionIn(text)).toBeUndefined();
  });
});

describe('faultOf', () => {
  const session: MfaSession = {
    profile: 'work-mfa',
    credentials: { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiresAtMs: NOW + 3_600_000 },
    authenticatedAtMs: NOW - 600_000,
    baseKeyId: 'AKIA1',
    endpoint: 'aws',
  };
  const needs: SessionNeeds = {
    baseKeyId: 'AKIA1',
    endpoint: 'aws',
    nowMs: NOW,
    minLeftMs: 300_000,
    maxAgesSeconds: [],
  };

  it.each<[string, Partial<SessionNeeds>, string | undefined]>([
    ['serves', {}, undefined],
    ['serves up to the second before the gate closes', { maxAgesSeconds: [601] }, undefined],
    ['is too old at the age itself', { maxAgesSeconds: [3600, 600] }, 'aged'],
    ['has too little left', { minLeftMs: 3_600_000 }, 'ended'],
    ['has ended', { nowMs: NOW + 3_600_001, minLeftMs: 0 }, 'ended'],
    ['belongs to another key', { baseKeyId: 'AKIA2' }, 'other-key'],
    ['came from elsewhere', { endpoint: 'http://127.0.0.1:1' }, 'other-endpoint'],
  ])('%s', (_name, change, fault) => {
    expect(faultOf(session, { ...needs, ...change })).toBe(fault);
  });

  it("doesn't trust a session that says too little", () => {
    const { profile, credentials } = session;
    expect(faultOf({ profile, credentials }, needs)).toBe('other-key');
    const noTime = { profile, credentials, baseKeyId: 'AKIA1', endpoint: 'aws' };
    expect(faultOf(noTime, { ...needs, maxAgesSeconds: [3600] })).toBe('aged');
  });
});

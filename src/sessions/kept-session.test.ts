import { describe, expect, it } from 'vitest';
import { faultOf, type OpenSession, type SessionNeeds } from './kept-session.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const SESSION: OpenSession = {
  type: 'session',
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 's',
  sessionToken: 't',
  expiresAtMs: NOW + 3_600_000,
  authenticatedAtMs: NOW - 600_000,
  baseKeyId: 'AKIAEXAMPLE',
  place: { file: 'credentials', path: '/c', section: 'work-mfa', line: 1 },
};
const NEEDS: SessionNeeds = {
  baseKeyId: 'AKIAEXAMPLE',
  endpoint: undefined,
  nowMs: NOW,
  minLeftSeconds: 300,
  maxAgesSeconds: [],
};

describe('faultOf', () => {
  it.each<[string, Partial<OpenSession>, Partial<SessionNeeds>, string | undefined]>([
    ['serves', {}, {}, undefined],
    ['serves up to the second before the gate closes', {}, { maxAgesSeconds: [601] }, undefined],
    ['is too old at the age itself', {}, { maxAgesSeconds: [3600, 600] }, 'aged'],
    ['has too little left', {}, { minLeftSeconds: 3600 }, 'ended'],
    ['has ended', { expiresAtMs: NOW - 1 }, { minLeftSeconds: 0 }, 'ended'],
    ['belongs to another key', { baseKeyId: 'AKIAOTHER' }, {}, 'other-key'],
    ['came from elsewhere', { endpoint: 'http://127.0.0.1:1' }, {}, 'other-endpoint'],
    ['came from AWS, and is asked of elsewhere', {}, { endpoint: 'http://127.0.0.1:1' }, 'other-endpoint'],
  ])('%s', (_name, session, needs, fault) => {
    expect(faultOf({ ...SESSION, ...session }, { ...NEEDS, ...needs })).toBe(fault);
  });

  it("doesn't trust a session that says too little", () => {
    const { baseKeyId: _key, ...noKey } = SESSION;
    const { expiresAtMs: _end, ...noEnd } = SESSION;
    const { authenticatedAtMs: _code, ...noCode } = SESSION;
    expect(faultOf(noKey, NEEDS)).toBe('other-key');
    expect(faultOf(noEnd, NEEDS)).toBe('ended');
    expect(faultOf(noCode, { ...NEEDS, maxAgesSeconds: [3600] })).toBe('aged');
  });
});

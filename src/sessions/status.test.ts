import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../profiles/aws-files.ts';
import { statusOf } from './status.ts';

const NOW = Date.UTC(2026, 0, 2, 12);

const CONFIG = `
[profile work]
mfa_serial = GAHT12345678
[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = work-mfa
stepup_mfa_max_age = 3600
[profile strict]
role_arn = arn:aws:iam::123456789012:role/strict
source_profile = work-mfa
stepup_mfa_max_age = 600
[profile behind]
role_arn = arn:aws:iam::123456789012:role/behind
source_profile = strict
[profile open]
role_arn = arn:aws:iam::123456789012:role/open
source_profile = work
[profile other]
role_arn = arn:aws:iam::123456789012:role/other
source_profile = spare
[profile browser]
login_session = arn:aws:iam::123456789012:user/alice
[profile from-browser]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = browser
[profile ring]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = ring2
[profile ring2]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = ring
`;
const CREDENTIALS = `
[work]
aws_access_key_id = AKIA1
aws_secret_access_key = s
[work-mfa]
aws_access_key_id = ASIA1
aws_secret_access_key = s
aws_session_token = t
expiration = 2026-01-02T20:00:00Z
stepup_authenticated_at = 2026-01-02T11:40:00Z
stepup_base_key_id = AKIA1
[spare]
aws_access_key_id = AKIA2
aws_secret_access_key = s
[123456789012-phone]
aws_access_key_id = ASIA2
aws_secret_access_key = s
aws_session_token = t
`;

const status = (change: (text: string) => string = (text) => text) =>
  statusOf(parseAwsFiles({ config: '/config', credentials: '/credentials' }, CONFIG, change(CREDENTIALS)), {
    env: {},
    nowMs: NOW,
    gates: '/nonexistent',
  });

const verdicts = (roles: ReturnType<typeof status>['roles']) =>
  Object.fromEntries(roles.map(({ profile, verdict }) => [profile, verdict]));

describe('statusOf', () => {
  it('tells how each base signs in, and what session it has', () => {
    expect(status().bases).toEqual([
      {
        profile: 'work',
        signsIn: 'long-term-key',
        keyStore: 'file',
        device: 'GAHT12345678',
        session: {
          profile: 'work-mfa',
          store: 'file',
          expiresAtMs: Date.UTC(2026, 0, 2, 20),
          authenticatedAtMs: NOW - 1_200_000,
        },
      },
      { profile: 'browser', signsIn: 'login-session' },
      { profile: 'spare', signsIn: 'long-term-key', keyStore: 'file' },
    ]);
  });

  it('tells of each role whether it opens now, and until when', () => {
    const { roles } = status();
    expect(verdicts(roles)).toEqual({
      deploy: 'opens',
      strict: 'aged',
      behind: 'aged',
      open: 'opens',
      other: 'no-session',
      'from-browser': 'not-by-code',
    });
    expect(roles.find(({ profile }) => profile === 'deploy')).toMatchObject({
      base: 'work',
      gate: { maxAgeSeconds: 3600, from: 'written' },
      opensUntilMs: NOW + 2_400_000,
    });
    expect(roles.find(({ profile }) => profile === 'open')?.opensUntilMs).toBe(Date.UTC(2026, 0, 2, 20));
  });

  it('knows a session that has ended, and one of an older key', () => {
    expect(verdicts(status((text) => text.replace('T20:00', 'T11:59')).roles)).toMatchObject({ open: 'ended' });
    const rotated = status((text) => text.replace('= AKIA1\n', '= AKIA9\n'));
    expect(verdicts(rotated.roles)).toMatchObject({ open: 'other-key' });
    expect(rotated.bases[0]?.session?.fault).toBe('other-key');
  });

  it('names what others made, and what can not be resolved', () => {
    expect(status().foreign).toEqual([{ profile: '123456789012-phone' }]);
    expect(status().broken.map(({ profile }) => profile)).toEqual(['ring', 'ring2']);
  });
});

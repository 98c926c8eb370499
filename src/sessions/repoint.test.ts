import { describe, expect, it } from 'vitest';
import { parseAwsFiles } from '../profiles/aws-files.ts';
import { roleProfilesOf } from '../profiles/bases.ts';
import { editedText } from '../profiles/update.ts';
import { planRepointToSession, profilesNamingBase, profilesPastSession, startsFromSession } from './repoint.ts';

const CONFIG = `[profile work]
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile=work
mfa_serial = arn:aws:iam::123456789012:mfa/me
duration_seconds = 7200

[profile other-device]
role_arn = arn:aws:iam::123456789012:role/other
source_profile = work
mfa_serial = GAHT12345678
duration_seconds = 900

[profile fine]
role_arn = arn:aws:iam::123456789012:role/fine
source_profile = work-mfa

[profile through]
role_arn = arn:aws:iam::123456789012:role/through
source_profile = deploy
`;
const CREDENTIALS = '[work]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n';

describe('repointing role profiles', () => {
  const files = parseAwsFiles({ config: '/config', credentials: '/credentials' }, CONFIG, CREDENTIALS);

  it('finds those that name the base themselves', () => {
    expect(profilesNamingBase(files, 'work', {})).toEqual(['deploy', 'other-device']);
  });

  it('finds those that name where the session is not, and tells them from those that use it', () => {
    const elsewhere = parseAwsFiles(
      files.paths,
      `${CONFIG}
[profile q]
stepup_base_profile = work
[profile uses]
role_arn = arn:aws:iam::123456789012:role/uses
source_profile = q
[profile uses-through]
role_arn = arn:aws:iam::123456789012:role/through
source_profile = uses
[profile asks]
credential_process = /opt/stepup credentials work
[profile asks-stepup]
role_arn = arn:aws:iam::123456789012:role/asks
source_profile = asks
`,
      CREDENTIALS,
    );
    expect(profilesPastSession(elsewhere, 'work', 'q', {})).toEqual([
      { name: 'deploy', source: 'work' },
      { name: 'other-device', source: 'work' },
      { name: 'fine', source: 'work-mfa' },
    ]);
    expect(
      roleProfilesOf(elsewhere, 'work', {})
        .roles.filter(({ role }) => startsFromSession(role, 'q'))
        .map(({ name }) => name),
    ).toEqual(['uses', 'uses-through', 'asks-stepup']);
    const edits = planRepointToSession(elsewhere, ['fine'], ['work-mfa'], { base: 'work', profile: 'q' });
    expect(editedText(elsewhere.config, edits)).toContain('role/fine\nsource_profile = q\n');
  });

  it('names the session, and takes away what would ask again or be refused', () => {
    const edits = planRepointToSession(files, ['deploy', 'other-device'], ['work'], {
      base: 'work',
      profile: 'work-mfa',
    });
    expect(editedText(files.config, edits)).toBe(
      CONFIG.replace(
        'source_profile=work\nmfa_serial = arn:aws:iam::123456789012:mfa/me\nduration_seconds = 7200',
        'source_profile=work-mfa\nduration_seconds = 3600',
      ).replace('source_profile = work\nmfa_serial = GAHT', 'source_profile = work-mfa\nmfa_serial = GAHT'),
    );
    expect(editedText(files.credentials, edits)).toBe(CREDENTIALS);
  });
});

import { expect, test } from 'vitest';
import { ACCOUNT, type IamAccount, iamAccount } from '../../../test/support/iam-account.ts';

function reportOf(account: IamAccount): readonly Readonly<Record<string, string>>[] {
  const { Content, ReportFormat } = account.call('GetCredentialReport');
  expect(ReportFormat).toBe('text/csv');
  const [header = '', ...lines] = Buffer.from(Content, 'base64').toString().split('\n');
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])));
}

test('before it is generated there is none', () => {
  expect(() => iamAccount().call('GetCredentialReport')).toThrow(
    expect.objectContaining({ code: 'ReportNotPresent', status: 410 }),
  );
});

test('tells of root and of each user', () => {
  const account = iamAccount();
  account.call('CreateUser', { UserName: 'alice' });
  account.call('CreateUser', { UserName: 'a,b' });
  const { AccessKeyId } = account.call('CreateAccessKey', { UserName: 'alice' }).AccessKey;
  const use = { usedAtMs: account.clock.ms + 1000, service: 'sts', region: 'us-east-1' };
  account.state.commit([{ table: 'accessKeyUses', key: AccessKeyId, value: use }]);
  account.addDevice({ type: 'fido', accountId: ACCOUNT, userName: 'alice', name: 'key' });
  expect(account.call('GenerateCredentialReport').State).toBe('STARTED');
  expect(account.call('GenerateCredentialReport')).toEqual({ State: 'COMPLETE' });

  const { Content } = account.call('GetCredentialReport');
  const [header, ...lines] = Buffer.from(Content, 'base64').toString().split('\n');
  expect(header).toBe(
    'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated',
  );
  expect(lines).toEqual([
    `<root_account>,arn:aws:iam::${ACCOUNT}:root,2026-01-02T03:04:05+00:00,not_supported,no_information,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
    `"a,b","arn:aws:iam::${ACCOUNT}:user/a,b",2026-01-02T03:04:05+00:00,false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
    `alice,arn:aws:iam::${ACCOUNT}:user/alice,2026-01-02T03:04:05+00:00,false,N/A,N/A,N/A,true,true,2026-01-02T03:04:05+00:00,2026-01-02T03:04:06+00:00,us-east-1,sts,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
  ]);
});

test('is made anew after four hours only, and gone by then', () => {
  const account = iamAccount();
  account.call('GenerateCredentialReport');
  account.call('CreateUser', { UserName: 'alice' });
  account.clock.ms += 4 * 3600 * 1000 - 1;
  expect(account.call('GenerateCredentialReport').State).toBe('COMPLETE');
  expect(reportOf(account)).toHaveLength(1);
  account.clock.ms += 1;
  expect(() => account.call('GetCredentialReport')).toThrow(
    expect.objectContaining({ code: 'ReportExpired', status: 410 }),
  );
  expect(account.call('GenerateCredentialReport').State).toBe('STARTED');
  expect(reportOf(account).map(({ user }) => user)).toEqual(['<root_account>', 'alice']);
});

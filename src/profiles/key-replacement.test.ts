import { expect, it } from 'vitest';
import { parseAwsFiles } from './aws-files.ts';
import { planKeyReplacement, planSessionsOfNewKey } from './key-replacement.ts';

const OLD = { accessKeyId: 'AKIAOLD', secretAccessKey: 'old' };
const NEW = { accessKeyId: 'AKIANEW', secretAccessKey: 'new' };
const files = (config: string, credentials: string) =>
  parseAwsFiles({ config: '/c', credentials: '/k' }, config, credentials);
const key = ({ accessKeyId, secretAccessKey } = OLD) =>
  `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

it('reaches each section that holds the key, in both files, and none with another key or half of this one', () => {
  const other = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'old' };
  const read = files(
    `[profile a]\n${key()}[profile c]\nregion = x\n`,
    `[a]\n${key()}[b]\n${key()}[d]\n${key(other)}[e]\n${key({ ...OLD, secretAccessKey: 'x' })}`,
  );
  const values = { aws_access_key_id: 'AKIANEW', aws_secret_access_key: 'new' };
  expect(planKeyReplacement(read, OLD, NEW)).toEqual([
    { type: 'set', file: 'config', profile: 'a', values },
    { type: 'set', file: 'credentials', profile: 'a', values },
    { type: 'set', file: 'credentials', profile: 'b', values },
  ]);
});

it('makes sessions of the old key those of the new one', () => {
  const read = files('', '[a-mfa]\nstepup_base_key_id = AKIAOLD\n[b-mfa]\nstepup_base_key_id = AKIAOTHER\n');
  expect(planSessionsOfNewKey(read, 'AKIAOLD', 'AKIANEW')).toEqual([
    { type: 'set', file: 'credentials', profile: 'a-mfa', values: { stepup_base_key_id: 'AKIANEW' } },
  ]);
});

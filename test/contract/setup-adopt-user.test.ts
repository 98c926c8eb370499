/** `stepup setup adopt USER --into ROLE`, and back, as an administrator runs it against the sandbox. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { giveItAPhone } from './harness/people.ts';
import { STEPUP } from './harness/stepup.ts';
import { openSandbox, type TestAccount } from './harness/test-sandbox.ts';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

test('moves rights behind a code once the user has a device, and gives them back', async () => {
  const sandbox = await openSandbox();
  const client = jsClient(sandbox.endpoint);
  const home = await makeHome(sandbox.endpoint);
  const [program, ...first] = STEPUP;
  const setup = (...args: readonly string[]) =>
    runChild(program, [...first, 'setup', ...args, '--long-term'], {
      ...{ env: home.env, cwd: home.path, timeoutMs: 120_000 },
    });
  try {
    const [people] = sandbox.accounts as readonly [TestAccount];
    const { root, accountId } = people;
    const profile = (name: string, { accessKeyId, secretAccessKey }: TestAccount['root']) =>
      `[profile ${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\nregion = us-east-1\nendpoint_url = ${sandbox.endpoint}\n`;
    const config = join(home.path, '.aws/config');
    await writeFile(config, profile('admin', root), { mode: 0o600 });
    const alice = { UserName: 'alice' };
    await succeed(client, 'iam', 'CreateUser', alice, root);
    await succeed(client, 'iam', 'AttachUserPolicy', { ...alice, PolicyArn: ADMIN }, root);
    await succeed(client, 'iam', 'CreateGroup', { GroupName: 'staff' }, root);
    await succeed(client, 'iam', 'AddUserToGroup', { ...alice, GroupName: 'staff' }, root);

    const tooSoon = await setup('adopt', 'alice', '--into', 'ops', '--profile', 'admin', '--yes');
    expect(tooSoon).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stepup mfa enrol') });

    const { AccessKey } = await succeed(client, 'iam', 'CreateAccessKey', alice, root);
    const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    const arn = `arn:aws:iam::${accountId}:user/alice`;
    await giveItAPhone(client, people, { name: 'alice', arn, userId: '', accountId, key }, sandbox.clock);

    await writeFile(config, `${profile('admin', root)}${profile('alice', key)}`);
    const herself = await setup('adopt', 'alice', '--into', 'ops', '--profile', 'alice', '--yes');
    expect(herself).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${arn} is you`) });
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' },
    };
    const taken = { RoleName: 'taken', AssumeRolePolicyDocument: JSON.stringify(trust) };
    await succeed(client, 'iam', 'CreateRole', taken, root);
    const others = await setup('adopt', 'alice', '--into', 'taken', '--profile', 'admin', '--yes');
    expect(others).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there already') });

    expect(await setup('adopt', 'alice', '--into', 'ops', '--profile', 'admin')).toMatchObject({ exitCode: 4 });
    const moved = await setup('adopt', 'alice', '--into', 'ops', '--profile', 'admin', '--yes');
    expect(moved).toMatchObject({ exitCode: 0 });
    expect(moved.stderr).toContain('Entry into ops is proved');
    const attached = async () =>
      (await succeed(client, 'iam', 'ListAttachedUserPolicies', alice, root)).AttachedPolicies.length;
    const groups = async () => (await succeed(client, 'iam', 'ListGroupsForUser', alice, root)).Groups.length;
    expect([await attached(), await groups()]).toEqual([0, 0]);
    expect((await succeed(client, 'iam', 'ListUserPolicies', alice, root)).PolicyNames).toEqual(['stepup-enter']);
    expect(await readFile(join(home.path, 'stepup.yaml'), 'utf8')).toContain(ADMIN);
    expect(await setup('verify', '--profile', 'admin')).toMatchObject({ exitCode: 0 });
    expect(await setup('adopt', 'alice', '--into', 'ops', '--profile', 'admin', '--yes')).toMatchObject({
      exitCode: 0,
    });

    expect(await setup('adopt', 'alice', '--undo', '--profile', 'admin')).toMatchObject({ exitCode: 0 });
    expect([await attached(), await groups()]).toEqual([1, 1]);
    expect(await setup('adopt', 'alice', '--undo', '--profile', 'admin')).toMatchObject({ exitCode: 2 });
  } finally {
    await client.close();
    await sandbox.close();
    await home.remove();
  }
});

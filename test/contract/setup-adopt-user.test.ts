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

const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

test('moves rights behind a code once the user has a device, and gives them back', async () => {
  const sandbox = await openSandbox();
  const client = jsClient(sandbox.endpoint);
  const home = await makeHome(sandbox.endpoint);
  const [program, ...first] = STEPUP;
  const setup = (...args: readonly string[]) =>
    runChild(program, [...first, 'setup', ...args, '--profile', 'admin', '--long-term'], {
      ...{ env: home.env, cwd: home.path, timeoutMs: 120_000 },
    });
  try {
    const [people] = sandbox.accounts as readonly [TestAccount];
    const { root, accountId } = people;
    await writeFile(
      join(home.path, '.aws/config'),
      `[profile admin]\naws_access_key_id = ${root.accessKeyId}\naws_secret_access_key = ${root.secretAccessKey}\nregion = us-east-1\nendpoint_url = ${sandbox.endpoint}\n`,
      { mode: 0o600 },
    );
    const alice = { UserName: 'alice' };
    await succeed(client, 'iam', 'CreateUser', alice, root);
    await succeed(client, 'iam', 'AttachUserPolicy', { ...alice, PolicyArn: READ }, root);
    await succeed(client, 'iam', 'CreateGroup', { GroupName: 'staff' }, root);
    await succeed(client, 'iam', 'AddUserToGroup', { ...alice, GroupName: 'staff' }, root);

    const tooSoon = await setup('adopt', 'alice', '--into', 'ops', '--yes');
    expect(tooSoon).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stepup mfa enrol') });

    const { AccessKey } = await succeed(client, 'iam', 'CreateAccessKey', alice, root);
    const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    const arn = `arn:aws:iam::${accountId}:user/alice`;
    await giveItAPhone(client, people, { name: 'alice', arn, userId: '', accountId, key }, sandbox.clock);

    expect(await setup('adopt', 'alice', '--into', 'ops')).toMatchObject({ exitCode: 4 });
    const moved = await setup('adopt', 'alice', '--into', 'ops', '--yes');
    expect(moved).toMatchObject({ exitCode: 0 });
    expect(moved.stderr).toContain('Entry into ops is proved');
    const attached = async () =>
      (await succeed(client, 'iam', 'ListAttachedUserPolicies', alice, root)).AttachedPolicies.length;
    const groups = async () => (await succeed(client, 'iam', 'ListGroupsForUser', alice, root)).Groups.length;
    expect([await attached(), await groups()]).toEqual([0, 0]);
    expect((await succeed(client, 'iam', 'ListUserPolicies', alice, root)).PolicyNames).toEqual(['stepup-enter']);
    expect(await readFile(join(home.path, 'stepup.yaml'), 'utf8')).toContain(READ);
    expect(await setup('verify')).toMatchObject({ exitCode: 0 });
    expect(await setup('adopt', 'alice', '--into', 'ops', '--yes')).toMatchObject({ exitCode: 0 });

    expect(await setup('adopt', 'alice', '--undo')).toMatchObject({ exitCode: 0 });
    expect([await attached(), await groups()]).toEqual([1, 1]);
    expect(await setup('adopt', 'alice', '--undo')).toMatchObject({ exitCode: 2 });
  } finally {
    await client.close();
    await sandbox.close();
    await home.remove();
  }
});

/** `stepup setup adopt` as an administrator runs it, against the sandbox. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { succeed } from './harness/aws-client.ts';
import { runChild } from './harness/child.ts';
import { makeHome } from './harness/home.ts';
import { jsClient } from './harness/js-client.ts';
import { STEPUP } from './harness/stepup.ts';
import { openSandbox, type TestAccount } from './harness/test-sandbox.ts';

const trusting = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' },
  });

test('writes the file once, names what it leaves out, and the setup goes on from it', async () => {
  const sandbox = await openSandbox();
  const client = jsClient(sandbox.endpoint);
  const home = await makeHome(sandbox.endpoint);
  const [program, ...first] = STEPUP;
  const setup = (...args: readonly string[]) =>
    runChild(program, [...first, 'setup', ...args, '--profile', 'admin', '--long-term'], {
      ...{ env: home.env, cwd: home.path, timeoutMs: 120_000 },
    });
  try {
    const [{ accountId, root }] = sandbox.accounts as readonly [TestAccount];
    await writeFile(
      join(home.path, '.aws/config'),
      `[profile admin]\naws_access_key_id = ${root.accessKeyId}\naws_secret_access_key = ${root.secretAccessKey}\nregion = us-east-1\nendpoint_url = ${sandbox.endpoint}\n`,
      { mode: 0o600 },
    );
    await succeed(client, 'iam', 'CreateUser', { UserName: 'ann' }, root);
    const ops = trusting({ AWS: `arn:aws:iam::${accountId}:user/ann` });
    await succeed(client, 'iam', 'CreateRole', { RoleName: 'ops', AssumeRolePolicyDocument: ops }, root);
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    });
    await succeed(client, 'iam', 'PutRolePolicy', { RoleName: 'ops', PolicyName: 'mine', PolicyDocument }, root);
    const vm = trusting({ Service: 'ec2.amazonaws.com' });
    await succeed(client, 'iam', 'CreateRole', { RoleName: 'vm', AssumeRolePolicyDocument: vm }, root);

    const printed = await setup('adopt', '--output', '-');
    expect(printed.exitCode).toBe(0);
    const written = await setup('adopt');
    expect(written).toMatchObject({ exitCode: 0, stdout: '' });
    expect(written.stderr).toContain('left out: role vm: is entered by what can bring no code: ec2.amazonaws.com');
    expect(written.stderr).toContain('user ann has no MFA device that makes codes, and enters ops');
    const text = await readFile(join(home.path, 'stepup.yaml'), 'utf8');
    expect(printed.stdout).toBe(text);

    const again = await setup('adopt');
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('--output');
    expect(await readFile(join(home.path, 'stepup.yaml'), 'utf8')).toBe(text);

    expect(await setup('--yes')).toMatchObject({ exitCode: 0 });
    expect(await setup('verify')).toMatchObject({ exitCode: 0 });

    // The setup made none of what it adopted: all that its removal takes is the gate, the way in, and its tags.
    expect(await setup('remove', '--restore-open-trusts', '--yes')).toMatchObject({ exitCode: 0 });
    const { Role } = await succeed(client, 'iam', 'GetRole', { RoleName: 'ops' }, root);
    expect(JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument))).toEqual(JSON.parse(ops));
    const left = await succeed(client, 'iam', 'ListRolePolicies', { RoleName: 'ops' }, root);
    expect(left.PolicyNames).toEqual(['mine']);
    const ofAnn = await succeed(client, 'iam', 'ListUserPolicies', { UserName: 'ann' }, root);
    expect(ofAnn.PolicyNames).toEqual([]);
  } finally {
    await client.close();
    await sandbox.close();
    await home.remove();
  }
});

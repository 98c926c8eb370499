/** Trouble on demand: late visibility as IAM has it, and calls that are throttled, fail, hang or are cut. */
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { type AwsClient, type Output, succeed } from './harness/aws-client.ts';
import { jsClient } from './harness/js-client.ts';
import { hire } from './harness/people.ts';
import { trustText } from './harness/policy-text.ts';
import { openSandbox, type TestSandbox } from './harness/test-sandbox.ts';

async function open(options: SandboxOptions): Promise<{ readonly sandbox: TestSandbox; readonly client: AwsClient }> {
  const sandbox = await openSandbox(options);
  const client = jsClient(sandbox.endpoint);
  onTestFinished(async () => {
    await client.close();
    await sandbox.close();
  });
  return { sandbox, client };
}

describe('visibleAfterMs', () => {
  test('a new key is refused, and a new principal invalid, until they are seen', async () => {
    const { sandbox, client } = await open({ visibleAfterMs: 4_000 });
    const [{ root }] = sandbox.accounts;
    const iam = (operation: string, input: Output) => client.call('iam', operation, input, root);
    const { output } = await iam('CreateUser', { UserName: 'alice' });
    const early = await iam('CreateAccessKey', { UserName: 'alice' });
    expect(early.refusal?.code).toBe('NoSuchEntity');
    sandbox.clock.advance(4_000);
    const { AccessKey } = await succeed(client, 'iam', 'CreateAccessKey', { UserName: 'alice' }, root);
    const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    expect((await client.call('sts', 'GetCallerIdentity', {}, key)).refusal?.code).toBe('InvalidClientTokenId');
    sandbox.clock.advance(4_000);
    expect((await client.call('sts', 'GetCallerIdentity', {}, key)).output?.['Arn']).toBe(output?.['User'].Arn);

    const bob = (await iam('CreateUser', { UserName: 'bob' })).output?.['User'];
    const role = { RoleName: 'work', AssumeRolePolicyDocument: trustText(bob.Arn) };
    expect((await iam('CreateRole', role)).refusal).toMatchObject({
      code: 'MalformedPolicyDocument',
      message: expect.stringContaining('Invalid principal in policy'),
    });
    sandbox.clock.advance(4_000);
    expect((await iam('CreateRole', role)).refusal).toBeUndefined();
  });

  test('a name is taken from the first moment', async () => {
    const { sandbox, client } = await open({ visibleAfterMs: 60_000 });
    const [{ root }] = sandbox.accounts;
    await succeed(client, 'iam', 'CreateUser', { UserName: 'alice' }, root);
    const again = await client.call('iam', 'CreateUser', { UserName: 'alice' }, root);
    expect(again.refusal?.code).toBe('EntityAlreadyExists');
  });
});

describe('faults', () => {
  test.each([
    ['throttle', 'Throttling', 400],
    ['fail', 'ServiceFailure', 500],
    [{ code: 'ConcurrentModification', status: 409, message: 'Try again.' }, 'ConcurrentModification', 409],
  ] as const)('%j of IAM, twice, and then no more', async (answer, code, status) => {
    const { sandbox, client } = await open({ faults: [{ action: 'iam:CreateUser', times: 2, answer }] });
    const [{ root }] = sandbox.accounts;
    const create = () => client.call('iam', 'CreateUser', { UserName: 'alice' }, root);
    expect((await create()).refusal).toMatchObject({ code, status });
    expect((await client.call('iam', 'ListUsers', {}, root)).output?.['Users']).toEqual([]);
    expect((await create()).refusal).toMatchObject({ code, status });
    expect((await create()).refusal).toBeUndefined();
  });

  test('the SDK rides out throttling and failure by itself', async () => {
    const faults = [
      { action: 's3:ListBuckets', answer: 'throttle' },
      { action: 's3:ListBuckets', answer: 'fail' },
      { action: 'sts:*', answer: 'fail' },
      { action: 'sts:*', answer: 'cut' },
    ] as const;
    const { sandbox } = await open({ faults });
    const settings = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.accounts[0].root };
    const s3 = new S3({ ...settings, forcePathStyle: true });
    const sts = new STS(settings);
    expect((await s3.listBuckets()).$metadata.attempts).toBe(3);
    expect((await sts.getCallerIdentity()).$metadata.attempts).toBe(3);
  });

  test('done, but the answer is lost: the client that tries again meets its own work', async () => {
    const { sandbox, client } = await open({ faults: [{ action: 'CreateUser', when: 'after', answer: 'cut' }] });
    const [{ root }] = sandbox.accounts;
    const iam = new IAM({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: root });
    await expect(iam.createUser({ UserName: 'alice' })).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
    expect((await client.call('iam', 'ListUsers', {}, root)).output?.['Users']).toMatchObject([{ UserName: 'alice' }]);
  });

  test('a call that hangs doesn’t keep the others, or the sandbox’s end, waiting', async () => {
    const { sandbox, client } = await open({ faults: [{ action: 'GetCallerIdentity', answer: 'hang' }] });
    const [account] = sandbox.accounts;
    const hanging = client.call('sts', 'GetCallerIdentity', {}, account.root).catch(() => 'cut off');
    const alice = await hire(client, account, 'alice');
    expect((await client.call('sts', 'GetCallerIdentity', {}, alice.key)).output?.['Arn']).toBe(alice.arn);
    const begun = performance.now();
    await sandbox.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await hanging).toBe('cut off');
  });

  test('one can be added while the sandbox runs', async () => {
    const { sandbox, client } = await open({});
    const [{ root }] = sandbox.accounts;
    await succeed(client, 'sts', 'GetCallerIdentity', {}, root);
    sandbox.addFault({ action: '*', answer: 'throttle' });
    expect((await client.call('sts', 'GetCallerIdentity', {}, root)).refusal?.code).toBe('Throttling');
    await succeed(client, 'sts', 'GetCallerIdentity', {}, root);
  });
});

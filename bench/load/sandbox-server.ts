/** Our sandbox in a process of its own, with a user who may enter a role. Says its port, the keys and the role's ARN. */
import { setTimeout } from 'node:timers/promises';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { startSandbox } from '../../src/sandbox/start.ts';

const sandbox = await startSandbox();
const { endpoint, accounts } = sandbox;
const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: accounts[0] });
const UserName = 'load';
const { User } = await iam.send(new CreateUserCommand({ UserName }));
const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
const trust = { Effect: 'Allow', Principal: { AWS: User?.Arn }, Action: 'sts:AssumeRole' };
const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'target', AssumeRolePolicyDocument }));
iam.destroy();

/**
 * V8's nursery grows under load, to 32 MB in any program, and a collection gives it back only once little was allocated
 * for some seconds: what is resident before that says nothing of what was kept.
 */
const quietSeconds = 12;

async function residentWhenQuiet(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let second = 0; second < quietSeconds; second++) {
    globalThis.gc?.();
    await setTimeout(1_000);
    least = Math.min(least, process.memoryUsage.rss());
  }
  return least;
}

process.on('message', async (question) => {
  if (question === 'memory') process.send?.({ residentBytes: await residentWhenQuiet() });
});
process.send?.({
  port: Number(new URL(endpoint).port),
  keys: { accessKeyId: AccessKey?.AccessKeyId, secretAccessKey: AccessKey?.SecretAccessKey },
  roleArn: Role?.Arn,
});

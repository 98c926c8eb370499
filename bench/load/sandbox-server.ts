/** Our sandbox in a process of its own, with a user who may enter a role. Says its port, the keys and the role's ARN. */
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

process.on('message', (question) => {
  if (question !== 'memory') return;
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  process.send?.({ residentBytes: process.memoryUsage().rss });
});
process.send?.({
  port: Number(new URL(endpoint).port),
  keys: { accessKeyId: AccessKey?.AccessKeyId, secretAccessKey: AccessKey?.SecretAccessKey },
  roleArn: Role?.Arn,
});

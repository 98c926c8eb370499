/** Two accounts with people, a gated role and a bucket: what the requests of the negative table are aimed at. */
import { type AwsClient, type ClientCredentials, type Output, succeed } from '../harness/aws-client.ts';
import { jsClient } from '../harness/js-client.ts';
import { giveItAPhone, hire, type Person, type PersonWithPhone } from '../harness/people.ts';
import { policyText, trustStatement } from '../harness/policy-text.ts';
import { openSandbox, type TestAccount, type TestSandbox } from '../harness/test-sandbox.ts';

export interface World {
  readonly sandbox: TestSandbox;
  readonly client: AwsClient;
  readonly account: TestAccount;
  readonly otherAccount: TestAccount;
  /** May do everything; so what is refused of theirs is refused for the request's own fault. */
  readonly admin: PersonWithPhone;
  /** The pattern's user: may do sts:AssumeRole, and nothing else. */
  readonly alice: PersonWithPhone;
  /** Has no permission. */
  readonly bob: PersonWithPhone;
  /** In the other account; may do everything there. */
  readonly stranger: Person;
  /** Lets alice in with a code younger than `gateSeconds`. */
  readonly gatedRole: string;
  readonly root: (operation: string, input: Output) => Promise<Output>;
  close(): Promise<void>;
}

export const gateSeconds = 900;
export const bucket = 'ledger';
export const objectKey = 'accounts/2026.csv';
const objectText = 'date,amount\n2026-01-02,42\n';

export async function buildWorld(): Promise<World> {
  const sandbox = await openSandbox({ accounts: ['111122223333', '444455556666'] });
  const client = jsClient(sandbox.endpoint);
  const [account, otherAccount] = sandbox.accounts;
  if (otherAccount === undefined) throw new Error('the sandbox has one account');
  const root = (operation: string, input: Output) => succeed(client, 'iam', operation, input, account.root);

  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const phoned = async (name: string, statements: readonly object[]) =>
    giveItAPhone(client, account, await hire(client, account, name, statements), sandbox.clock);
  const admin = await phoned('admin', everything);
  const alice = await phoned('alice', [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }]);
  const bob = await phoned('bob', []);
  const stranger = await hire(client, otherAccount, 'stranger', everything);

  const gatedRole = await makeRole(root, 'deploy', [gateFor(alice.arn)], everything);
  await makeRole(root, 'open', [trustStatement(alice.arn)], everything);
  await succeed(client, 's3', 'CreateBucket', { Bucket: bucket }, account.root);
  const object = { Bucket: bucket, Key: objectKey, Body: objectText };
  await succeed(client, 's3', 'PutObject', object, account.root);

  const close = async () => {
    await client.close();
    await sandbox.close();
  };
  return { sandbox, client, account, otherAccount, admin, alice, bob, stranger, gatedRole, root, close };
}

function gateFor(principal: string): object {
  return trustStatement(principal, {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': String(gateSeconds) },
  });
}

/** Answers the role's ARN. */
export async function makeRole(
  root: World['root'],
  name: string,
  trust: readonly object[],
  permissions: readonly object[] = [],
  more: Output = {},
): Promise<string> {
  const AssumeRolePolicyDocument = policyText(...trust);
  const { Role } = await root('CreateRole', { RoleName: name, AssumeRolePolicyDocument, ...more });
  if (permissions.length > 0) {
    const PolicyDocument = policyText(...permissions);
    await root('PutRolePolicy', { RoleName: name, PolicyName: 'own', PolicyDocument });
  }
  return Role.Arn;
}

/** A second key of this user. */
export async function anotherKey(world: World, userName: string): Promise<ClientCredentials> {
  const { AccessKey } = await world.root('CreateAccessKey', { UserName: userName });
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

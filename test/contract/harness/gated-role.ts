/** The pattern itself, for tests of what leans on it: a user who may only assume a role, and the role's gate. */
import { type AwsClient, succeed } from './aws-client.ts';
import { jsClient } from './js-client.ts';
import { giveItAPhone, hire, type PersonWithPhone } from './people.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './test-sandbox.ts';

export interface GatedRole {
  readonly sandbox: TestSandbox;
  readonly account: TestAccount;
  readonly admin: AwsClient;
  readonly alice: PersonWithPhone;
  readonly roleArn: string;
  /** `work` with its device, and `myrole` from `work-mfa`. */
  readonly config: string;
  readonly credentials: string;
  close(): Promise<void>;
}

/** In a sandbox of its own, or in the one that is given; `close` closes it. */
export async function openGatedRole(given?: TestSandbox): Promise<GatedRole> {
  const sandbox = given ?? (await openSandbox());
  const [account] = sandbox.accounts;
  const admin = jsClient(sandbox.endpoint);
  const roleArn = `arn:aws:iam::${account.accountId}:role/deploy`;
  const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn };
  const person = await hire(admin, account, 'alice', [may]);
  const alice = await giveItAPhone(admin, account, person, sandbox.clock);
  await succeed(admin, 's3', 'CreateBucket', { Bucket: 'reports' }, account.root);
  const gate = {
    Effect: 'Allow',
    Principal: { AWS: alice.arn },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    },
  };
  const role = { RoleName: 'deploy', AssumeRolePolicyDocument: policy(gate) };
  await succeed(admin, 'iam', 'CreateRole', role, account.root);
  const list = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
  await succeed(
    admin,
    'iam',
    'PutRolePolicy',
    { RoleName: 'deploy', PolicyName: 'list', PolicyDocument: policy(list) },
    account.root,
  );
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  return {
    sandbox,
    account,
    admin,
    alice,
    roleArn,
    config: `[profile work]\n${place}mfa_serial = ${alice.phone.serialNumber}\n\n[profile myrole]\nrole_arn = ${roleArn}\nsource_profile = work-mfa\n${place}`,
    credentials: `[work]\naws_access_key_id = ${alice.key.accessKeyId}\naws_secret_access_key = ${alice.key.secretAccessKey}\n`,
    async close() {
      await admin.close();
      await sandbox.close();
    },
  };
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

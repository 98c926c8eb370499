/** An account with an administrator and alice, whose key may do all: of her own, and by a group. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AwsClient, succeed } from './aws-client.ts';
import { type ChildResult, runChild } from './child.ts';
import { type Home, makeHome } from './home.ts';
import { jsClient } from './js-client.ts';
import { giveItAPhone, hire, type Person, type PersonWithPhone } from './people.ts';
import { STEPUP } from './stepup.ts';
import { openSandbox, type TestAccount, type TestSandbox } from './test-sandbox.ts';

export const ADMIN_POLICY = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ALICE = { UserName: 'alice' };

export interface OverPrivileged {
  readonly sandbox: TestSandbox;
  readonly client: AwsClient;
  readonly home: Home;
  readonly account: TestAccount;
  readonly alice: Person;
  /** `stepup setup ARGS --long-term`, by profile `admin` where an account names none; profile `alice` has her key. */
  setup(args: readonly string[], options?: SetupRun): Promise<ChildResult>;
  /** The same as a command, for a terminal. */
  readonly command: (args: readonly string[]) => readonly string[];
  giveAPhone(): Promise<PersonWithPhone>;
  /** What alice has of her own: attachments, groups, inline policies. */
  rights(): Promise<readonly [attached: number, groups: number, inline: readonly string[]]>;
  close(): Promise<void>;
}

export interface SetupRun {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export async function openOverPrivileged(): Promise<OverPrivileged> {
  const sandbox = await openSandbox();
  const client = jsClient(sandbox.endpoint);
  const home = await makeHome(sandbox.endpoint);
  const [account] = sandbox.accounts;
  const { root } = account;
  const alice = await hire(client, account, 'alice');
  await succeed(client, 'iam', 'AttachUserPolicy', { ...ALICE, PolicyArn: ADMIN_POLICY }, root);
  await succeed(client, 'iam', 'CreateGroup', { GroupName: 'staff' }, root);
  await succeed(client, 'iam', 'AddUserToGroup', { ...ALICE, GroupName: 'staff' }, root);
  const profile = (name: string, { accessKeyId, secretAccessKey }: TestAccount['root']) =>
    `[profile ${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\nregion = us-east-1\nendpoint_url = ${sandbox.endpoint}\n`;
  await writeFile(join(home.path, '.aws/config'), `${profile('admin', root)}${profile('alice', alice.key)}`, {
    mode: 0o600,
  });
  const command = (args: readonly string[]): readonly string[] => [...STEPUP, 'setup', ...args, '--long-term'];
  return {
    sandbox,
    client,
    home,
    account,
    alice,
    command,
    setup: (args, { env = {}, input } = {}) => {
      const [program = '', ...rest] = command(args);
      return runChild(program, rest, {
        ...{ env: { ...home.env, ...env }, cwd: home.path, timeoutMs: 120_000 },
        ...(input !== undefined && { input }),
      });
    },
    giveAPhone: () => giveItAPhone(client, account, alice, sandbox.clock),
    async rights() {
      const { AttachedPolicies } = await succeed(client, 'iam', 'ListAttachedUserPolicies', ALICE, root);
      const { Groups } = await succeed(client, 'iam', 'ListGroupsForUser', ALICE, root);
      const { PolicyNames } = await succeed(client, 'iam', 'ListUserPolicies', ALICE, root);
      return [AttachedPolicies.length, Groups.length, PolicyNames];
    },
    async close() {
      await client.close();
      await sandbox.close();
      await home.remove();
    },
  };
}

/** `stepup setup adopt USER --into ROLE`: what a question that is open for long, and a no, leave behind. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateVirtualMFADeviceCommand,
  DeleteGroupPolicyCommand,
  DeleteUserPolicyCommand,
  EnableMFADeviceCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { fakeTerminal } from '../../../test/support/fake-terminal.ts';
import { type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';
import { allowing, hire, makeRole, policy } from '../../../test/support/sandbox-people.ts';
import { setupHome } from '../../../test/support/setup-home.ts';
import { compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { readDesiredState } from '../../guardrails/desired-state/read.ts';
import { stepAt, totpCode } from '../../totp/code.ts';
import { decodeSeed } from '../../totp/seed.ts';
import { type AdoptUserOptions, setupAdoptUserCommand } from './adopt-user.ts';
import { tryEntry } from './try-entry.ts';

const UserName = 'alice';
const [APPLY, TAKE] = ['Apply this plan?', 'Take these from alice?'];

let tried: TriedSandbox;
let home: string;
let file: string;
let secret: Uint8Array;
beforeEach(async () => {
  tried = await trySandbox();
  const alice = await hire(tried, UserName, [allowing(['s3:*', 'iam:ListMFADevices'])]);
  const { VirtualMFADevice } = await tried
    .iam()
    .send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  secret = decodeSeed(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())!;
  const codes = { AuthenticationCode1: code(-1), AuthenticationCode2: code(0) };
  const { SerialNumber } = VirtualMFADevice!;
  await tried.iam().send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  tried.sandbox.clock.advanceSeconds(60);
  home = setupHome(tried, { admin: tried.root, alice });
  file = join(home, 'stepup.yaml');
});
afterEach(() => tried.close());

const code = (steps: number) => totpCode(secret, stepAt(tried.sandbox.clock.now().getTime()) + steps);
const ioWith = (terminal?: ReturnType<typeof fakeTerminal>) => ({
  ...fakeIo(['setup'], { home, nowMs: Date.now(), ...(terminal && { terminal }) }),
  cwd: home,
});
function adopt(terminal?: ReturnType<typeof fakeTerminal>, more: Pick<AdoptUserOptions, 'as' | 'yes'> = {}) {
  return setupAdoptUserCommand(ioWith(terminal), UserName, { into: 'ops', profile: 'admin', longTerm: true, ...more });
}
const policies = async () => (await tried.iam().send(new ListUserPoliciesCommand({ UserName }))).PolicyNames;
const roles = async () => (await tried.iam().send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName);

it('writes no file at a no, nor where nobody can be asked', async () => {
  const terminal = fakeTerminal();
  const answered = expect(adopt(terminal)).rejects.toMatchObject({ code: 'interrupted' });
  await terminal.shows(APPLY);
  terminal.press('n\r');
  await answered;
  const command = ['stepup', 'setup', 'adopt', UserName, '--into', 'ops', '--profile', 'admin', '--long-term', '--yes'];
  await expect(adopt()).rejects.toMatchObject({ code: 'no-terminal', fields: { command } });
  expect(existsSync(file)).toBe(false);
  expect(await policies()).toEqual(['own']);
});

it('does nothing where somebody changed the file while the question was open', async () => {
  const terminal = fakeTerminal();
  const answered = expect(adopt(terminal)).rejects.toMatchObject({ code: 'usage' });
  await terminal.shows(APPLY);
  writeFileSync(file, '# another’s\n');
  terminal.press('y\r');
  await answered;
  expect(readFileSync(file, 'utf8')).toBe('# another’s\n');
  expect(await roles()).toEqual([]);
});

const own = { UserName, PolicyName: 'own' };
/** The journal would keep the document of before, and the role has no other. */
const giveMore = () => {
  const PolicyDocument = policy(allowing('s3:*'), allowing('sqs:*'));
  return tried.iam().send(new PutUserPolicyCommand({ ...own, PolicyDocument }));
};
const UNPROVED = { code: 'setup-entry-unproved' };
const CHANGED = { fields: { problem: expect.stringContaining('changed while this ran; nothing was taken') } };

/** The rights are as they were after `change`, and the journal says of nothing that it went. */
async function changeAndAnswer(
  terminal: ReturnType<typeof fakeTerminal>,
  answered: Promise<void>,
  change: () => Promise<unknown>,
  answer: string,
) {
  await change();
  const before = await policies();
  terminal.press(answer);
  await answered;
  expect(await policies()).toEqual(before);
  expect(existsSync(join(home, 'stepup.journal.jsonl'))).toBe(false);
}

const GROUP = { GroupName: 'team', PolicyName: 'names' };

it.each([
  ['got another right', giveMore, UNPROVED],
  // The journal would give back what somebody else took.
  ['lost a right', () => tried.iam().send(new DeleteUserPolicyCommand(own)), CHANGED],
  ['has a group that lost what was warned of', () => tried.iam().send(new DeleteGroupPolicyCommand(GROUP)), CHANGED],
])('takes nothing where the user %s while the question was open', async (_, change, refusal) => {
  const { GroupName } = GROUP;
  await tried.iam().send(new CreateGroupCommand({ GroupName }));
  const PolicyDocument = policy(allowing('s3:GetObject', 'arn:aws:s3:::home/${aws:username}/*'));
  await tried.iam().send(new PutGroupPolicyCommand({ ...GROUP, PolicyDocument }));
  await tried.iam().send(new AddUserToGroupCommand({ UserName, GroupName }));
  const terminal = fakeTerminal();
  const answered = expect(adopt(terminal)).rejects.toMatchObject(refusal);
  await terminal.shows(APPLY);
  terminal.press('y\r');
  await terminal.shows(TAKE);
  await changeAndAnswer(terminal, answered, change, 'y\r');
});

it('takes nothing where the user got another right while --as asked for a code, though --yes was said', async () => {
  const terminal = fakeTerminal();
  const answered = expect(adopt(terminal, { yes: true, as: 'alice' })).rejects.toMatchObject(UNPROVED);
  await terminal.shows('MFA code:');
  await changeAndAnswer(terminal, answered, giveMore, `${code(0)}\r`);
});

it('finds out whether the key alone gets in once AWS lets in whoever may enter', async () => {
  const trust = { Effect: 'Allow', Principal: { AWS: tried.root.accountId }, Action: 'sts:AssumeRole' };
  const arn = await makeRole(tried, 'open', [], trust);
  const { accountId } = tried.root;
  const userArn = `arn:aws:iam::${accountId}:user/${UserName}`;
  const [role] = compileBlueprint(
    readDesiredState(
      `{ version: 1, accounts: { main: { id: "${accountId}" } }, users: { alice: }, roles: { open: { enter: [alice] } } }`,
      'stepup.yaml',
    ),
  ).accounts[0]!.roles;
  // As AWS may do: the right to enter is known only after a while.
  const pause = async () => {
    const PolicyDocument = policy(allowing('sts:AssumeRole', arn));
    await tried.iam().send(new PutUserPolicyCommand({ UserName, PolicyName: 'enter', PolicyDocument }));
  };
  const wish = { as: 'alice', code: code(0), command: ['stepup', 'setup', 'adopt'] };
  const io = ioWith();
  await expect(tryEntry(io, role!, userArn, wish, { now: io.now, pause })).rejects.toMatchObject({
    fields: { problems: [expect.stringContaining('tried with the key alone, and AWS let')] },
  });
});

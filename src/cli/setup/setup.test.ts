import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateRoleCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeIo } from '../../../test/support/fake-io.ts';
import { fakeTerminal } from '../../../test/support/fake-terminal.ts';
import { type TriedSandbox, trySandbox } from '../../../test/support/sandbox-clients.ts';
import { setupHome } from '../../../test/support/setup-home.ts';
import { bootstrapPolicy } from '../../guardrails/blueprint/user-policies.ts';
import { setupResetDeviceCommand } from './reset-device.ts';
import { setupCommand } from './setup.ts';
import { setupVerifyCommand } from './verify.ts';

const ACCOUNT = '111122223333';
const trusting = (Principal: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' } });

let tried: TriedSandbox;
let home: string;
beforeEach(async () => {
  tried = await trySandbox({ accounts: [ACCOUNT] });
  home = setupHome(tried, { admin: tried.root });
  writeFileSync(
    join(home, 'stepup.yaml'),
    `{ version: 1, accounts: { main: { id: "${ACCOUNT}", profile: admin } }, users: { alice: }, roles: { ops: { enter: [alice] } } }`,
  );
});
afterEach(() => tried.close());

const ioWith = (terminal?: ReturnType<typeof fakeTerminal>) => ({
  ...fakeIo(['setup'], { home, nowMs: Date.now(), ...(terminal && { terminal }) }),
  cwd: home,
});

it('shows the plan to whom it asks, also where its output goes to a program', async () => {
  const terminal = fakeTerminal();
  const io = ioWith(terminal);
  const done = setupCommand(io, { longTerm: true, json: true });
  await terminal.shows('+ role ops: opens to alice');
  await terminal.shows('Apply this plan?');
  terminal.press('y\r');
  expect(await done).toBe(0);
  expect(JSON.parse(io.out()).report).toMatchObject({ left: [] });
});

it('keeps the former trust policy in the journal, and names a role that a service uses', async () => {
  const RoleName = 'ops';
  const open = trusting({ AWS: ACCOUNT });
  await tried.iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: open }));
  expect(await setupCommand(ioWith(), { longTerm: true, yes: true })).toBe(0);
  const [entry] = readFileSync(join(home, 'stepup.journal.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(entry!)).toMatchObject({ part: 'trust', value: open, accountId: ACCOUNT });
  const { Role } = await tried.iam().send(new GetRoleCommand({ RoleName }));
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain('MultiFactorAuthAge');
});

it('does nothing of a plan that would shut a service out', async () => {
  const used = trusting({ Service: 'ec2.amazonaws.com' });
  await tried.iam().send(new CreateRoleCommand({ RoleName: 'ops', AssumeRolePolicyDocument: used }));
  const io = ioWith();
  await expect(setupCommand(io, { longTerm: true, yes: true })).rejects.toMatchObject({ code: 'setup-refused' });
  const { Role } = await tried.iam().send(new GetRoleCommand({ RoleName: 'ops' }));
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(used);
});

it('refuses --me of nobody before it reads anything', async () => {
  await expect(setupCommand(ioWith(), { me: 'eve', yes: true })).rejects.toMatchObject({ code: 'usage' });
});

/** How long alice may still enrol a device with her key alone. */
async function windowMs(): Promise<number> {
  const asked = new GetUserPolicyCommand({ UserName: 'alice', PolicyName: 'stepup-bootstrap' });
  const { PolicyDocument = '' } = await tried.iam().send(asked);
  const [, until = ''] = /CurrentTime":"([^"]+)/.exec(decodeURIComponent(PolicyDocument)) ?? [];
  return Date.parse(until) - Date.now();
}
const ahead = (minutes: number) => ({ ...ioWith(), now: () => Date.now() + minutes * 60_000 });
const isAbout = (hours: number) => expect.closeTo(hours * 3_600_000, -5);

it.each([-4, 4])('ends windows by AWS’s clock, where this machine’s is %d minutes ahead', async (minutes) => {
  const skewed = () => ahead(minutes);
  expect(await setupCommand(skewed(), { longTerm: true, yes: true })).toBe(0);
  expect(await windowMs()).toEqual(isAbout(48));
  // Whoever plans elsewhere, by another clock, takes it for what it is.
  const other = ioWith();
  expect(await setupCommand(other, { longTerm: true, planOnly: true })).toBe(0);
  expect(other.err()).toContain('nothing to do');
  const reset = skewed();
  expect(await setupResetDeviceCommand(reset, 'alice', { longTerm: true, yes: true, bootstrap: '1h' })).toBe(0);
  expect(reset.err()).toMatch(/\b1[0-9] calls to AWS/);
  expect(await windowMs()).toEqual(isAbout(1));
});

it('tells by AWS’s clock which windows are open, where this machine’s says that one is over', async () => {
  expect(await setupCommand(ioWith(), { longTerm: true, yes: true })).toBe(0);
  const userArn = `arn:aws:iam::${ACCOUNT}:user/alice`;
  const untilMs = Date.now() + 120_000;
  const window = bootstrapPolicy({ userArn, deviceArn: userArn.replace(':user/', ':mfa/') }, untilMs);
  const { name: PolicyName, document: PolicyDocument } = window;
  await tried.iam().send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName, PolicyDocument }));
  const io = ahead(4);
  expect(await setupVerifyCommand(io, { longTerm: true, json: true })).toBe(0);
  expect(JSON.parse(io.out()).openBootstraps).toEqual([{ userArn, until: expect.any(String) }]);
});

it.each([
  ['the reset', () => setupResetDeviceCommand(ioWith(), 'alice', { longTerm: true, yes: true })],
  ['a setup', () => setupCommand(ioWith(), { longTerm: true, yes: true })],
])('opens the window that a stopped reset was to open, when %s goes on from there', async (_, goOn) => {
  expect(await setupCommand(ioWith(), { longTerm: true, yes: true })).toBe(0);
  const asked = { longTerm: true, yes: true, bootstrap: '1h' };
  expect(await setupResetDeviceCommand(ioWith(), 'alice', asked)).toBe(0);
  // As if it had been stopped before its last call.
  const journal = join(home, 'stepup.journal.jsonl');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace(/[^\n]+\n$/, ''));
  const closeWindow = () =>
    tried.iam().send(new DeleteUserPolicyCommand({ UserName: 'alice', PolicyName: 'stepup-bootstrap' }));
  await closeWindow();
  expect(await goOn()).toBe(0);
  expect(await windowMs()).toEqual(isAbout(1));
  // That reset is at its end: another one has the file's.
  await closeWindow();
  expect(await setupResetDeviceCommand(ioWith(), 'alice', { longTerm: true, yes: true })).toBe(0);
  expect(await windowMs()).toEqual(isAbout(48));
});

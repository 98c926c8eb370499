/** A user's rights moved into a gated role: never lost, wherever it stops, and given back as they were. */
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DetachUserPolicyCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { mayEnter, readAccounts, stateOf } from '../../../test/support/guardrails-verdicts.ts';
import { blueprintOf, type GuardrailsWorld, guardrailsWorld, PEOPLE } from '../../../test/support/guardrails-world.ts';
import type { Account } from '../../account/account.ts';
import type { JournalEntry } from '../apply/apply.ts';
import type { Blueprint } from '../blueprint/blueprint.ts';
import { addToSetupFile, printSetupFile } from '../desired-state/print-setup-file.ts';
import { emptySetupFile } from './account.ts';
import { fileUser, permissionsEntry } from './entries.ts';
import {
  giveBack as giveBackWhatCan,
  givingsOf,
  heldRights,
  isGone,
  isSourceThere,
  lackingRights,
  MOVED_BACK,
} from './move-rights.ts';
import { stripUser } from './strip-user.ts';

const ALICE = { arn: `arn:aws:iam::${PEOPLE}:user/staff/alice`, name: 'alice' };
const allowing = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const AUDIT = 'arn:aws:iam::aws:policy/SecurityAudit';

async function worldOfAlice(): Promise<GuardrailsWorld> {
  const world = await guardrailsWorld({ accounts: [PEOPLE] });
  const iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/staff/' }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'mine', PolicyDocument: allowing('s3:*') }));
  await iam.send(new AttachUserPolicyCommand({ UserName: 'alice', PolicyArn: READ }));
  for (const GroupName of ['staff', 'ops']) {
    await iam.send(new CreateGroupCommand({ GroupName }));
    const PolicyDocument = allowing(GroupName === 'ops' ? 'ec2:*' : 'sqs:*');
    await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'mine', PolicyDocument }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName: 'alice' }));
  }
  await iam.send(new AttachGroupPolicyCommand({ GroupName: 'ops', PolicyArn: AUDIT }));
  return world;
}

const accountOf = async (world: GuardrailsWorld): Promise<Account> => (await readAccounts(world)).get(PEOPLE)!.account;

/** The role in a file, and applied. */
async function withRole(world: GuardrailsWorld): Promise<Blueprint> {
  const account = await accountOf(world);
  const rights = heldRights(account.users[0]!, account);
  const role = { enter: ['alice'], ...permissionsEntry(rights.managedArns, rights.inline, rights.boundaryArn) };
  const text = printSetupFile(emptySetupFile(account, undefined));
  const user = { name: 'alice', entry: fileUser(account.users[0]!) };
  const blueprint = blueprintOf(addToSetupFile(text, user, { name: 'power', entry: role }));
  await world.apply(blueprint);
  return blueprint;
}

class Crash extends Error {}

/** Strips; with `calls`, dies once so many were answered. */
async function strip(world: GuardrailsWorld, { accounts: [place] }: Blueprint, calls = Number.POSITIVE_INFINITY) {
  let answered = 0;
  await stripUser('stepup', place!.account, place!.roles[0]!, ALICE.arn, await accountOf(world), {
    ...world.ports,
    send: async (account, call) => {
      const answer = await world.ports.send(account, call);
      answered += 1;
      if (answered >= calls) throw new Crash();
      return answer;
    },
    onProgress: () => undefined,
  });
}

const dated = (journal: readonly JournalEntry[]) => journal.map((entry) => ({ at: '2026-01-01T00:00:00Z', ...entry }));

async function giveBack(world: GuardrailsWorld, blueprint: Blueprint): Promise<number> {
  const givings = givingsOf(dated(world.journal), 'stepup', ALICE);
  for (const { call } of givings) await world.ports.send(blueprint.accounts[0]!.account, call);
  return givings.length;
}

it('leaves the user with its roles and the role with all that the user had', async () => {
  const world = await worldOfAlice();
  try {
    const before = await accountOf(world);
    const blueprint = await withRole(world);
    await strip(world, blueprint);
    const { users, roles } = await accountOf(world);
    expect(users[0]).toMatchObject({ attachedPolicyArns: [], groupNames: [] });
    expect(users[0]?.inlinePolicies.map(({ name }) => name).sort()).toEqual(['stepup-bootstrap', 'stepup-enter']);
    expect(lackingRights(roles[0]!, heldRights(before.users[0]!, before))).toEqual([]);
    expect(roles[0]?.inlinePolicies.map(({ name }) => name).sort()).toEqual(['mine', 'ops.mine', 'staff.mine']);
    expect([...(roles[0]?.attachedPolicyArns ?? [])].sort()).toEqual([READ, AUDIT]);
    // Again: there is nothing more to take.
    const entries = world.journal.length;
    await strip(world, blueprint);
    expect(world.journal.length).toBe(entries);
  } finally {
    await world.close();
  }
});

it('loses nothing wherever it is stopped, goes on from there, and gives all of it back', async () => {
  const clean = await worldOfAlice();
  const blueprint = await withRole(clean);
  const atFirst = await stateOf(clean);
  await strip(clean, blueprint);
  const wanted = await stateOf(clean);
  await clean.close();
  const total = clean.journal.filter(({ part }) => part.startsWith('moved-')).length;
  expect(total).toBe(4);
  for (let calls = 1; calls <= total; calls += 1) {
    const world = await worldOfAlice();
    try {
      await withRole(world);
      await expect(strip(world, blueprint, calls)).rejects.toThrow(Crash);
      const read = (await readAccounts(world)).get(PEOPLE)!;
      const [alice, power] = [read.account.users[0]!, read.account.roles[0]!];
      expect(mayEnter(alice, power, 60, read, read)).toBe(true);
      expect(mayEnter(alice, power, 'key', read, read)).toBe(false);
      expect(lackingRights(power, heldRights(alice, read.account))).toEqual([]);
      await strip(world, blueprint);
      expect(await stateOf(world)).toBe(wanted);
      expect(await giveBack(world, blueprint)).toBe(total);
      expect(sorted(await stateOf(world))).toBe(sorted(atFirst));
    } finally {
      await world.close();
    }
  }
}, 60_000);

it('gives back all else where a group is gone, says which, and waits for nothing', async () => {
  const world = await worldOfAlice();
  try {
    const blueprint = await withRole(world);
    await strip(world, blueprint);
    const iam = world.iam();
    await iam.send(new DeleteGroupPolicyCommand({ GroupName: 'staff', PolicyName: 'mine' }));
    await iam.send(new DeleteGroupCommand({ GroupName: 'staff' }));
    const account = await accountOf(world);
    const missing = givingsOf(dated(world.journal), 'stepup', ALICE).filter((one) => !isSourceThere(one, account));
    expect(missing).toMatchObject([{ call: { input: { GroupName: 'staff' } } }]);
    const PolicyArn = `arn:aws:iam::${PEOPLE}:policy/deleted`;
    const call = { action: 'AttachUserPolicy', input: { UserName: 'alice', PolicyArn } } as const;
    expect(isSourceThere({ call, part: '' }, account)).toBe(false);
    const done: string[] = [];
    const giveAll = () =>
      giveBackWhatCan(givingsOf(dated(world.journal), 'stepup', ALICE), {
        now: world.ports.now,
        pause: () => Promise.reject(new Error('waited')),
        send: (call) => world.ports.send(blueprint.accounts[0]!.account, call),
        onGiven: ({ call: { action }, part: value }) => {
          done.push(action);
          world.journal.push({ ...{ setup: 'stepup', accountId: PEOPLE, arn: ALICE.arn }, part: MOVED_BACK, value });
        },
      });
    const failed = await giveAll();
    expect(failed).toMatchObject([{ call: { input: { GroupName: 'staff' } } }]);
    expect(failed.every(isGone)).toBe(true);
    expect(done.sort()).toEqual(['AddUserToGroup', 'AttachUserPolicy', 'PutUserPolicy']);
    expect((await accountOf(world)).users[0]).toMatchObject({ groupNames: ['ops'], attachedPolicyArns: [READ] });
    // What was given back once isn't again, though somebody has taken it since.
    await iam.send(new DetachUserPolicyCommand({ UserName: 'alice', PolicyArn: READ }));
    expect(await giveAll()).toHaveLength(1);
    expect(done).toHaveLength(3);
    await iam.send(new CreateGroupCommand({ GroupName: 'staff' }));
    expect(await giveAll()).toEqual([]);
    expect((await accountOf(world)).users[0]).toMatchObject({ groupNames: ['ops', 'staff'], attachedPolicyArns: [] });
  } finally {
    await world.close();
  }
});

/** Attachments and memberships come back in another order. */
function sorted(state: string): string {
  return state.split('\n').sort().join('\n').replaceAll(',', '');
}

it('takes nothing where the role is no way to it', async () => {
  const world = await worldOfAlice();
  try {
    const blueprint = await withRole(world);
    const iam = world.iam();
    const untouched = (await accountOf(world)).users;
    const expectRefusal = async (problem: string): Promise<void> => {
      await expect(strip(world, blueprint)).rejects.toMatchObject({
        code: 'setup-entry-unproved',
        fields: { problems: expect.arrayContaining([expect.stringContaining(problem)]) },
      });
      expect((await accountOf(world)).users).toEqual(untouched);
    };
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'power', PolicyName: 'mine' }));
    await expectRefusal('lacks inline policy mine');
    await world.apply(blueprint);
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: ALICE.arn }, Action: 'sts:AssumeRole' },
    });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'power', PolicyDocument }));
    await expectRefusal('allowed with no MFA keys');
  } finally {
    await world.close();
  }
});

it('adds to a file what it lacks, and leaves the rest of it as somebody wrote it', () => {
  const text =
    '# ours\nversion: 1\naccounts: { main: { id: "111122223333" } }\nusers:\n  bob: # the first\nroles: {}\n';
  const role = { name: 'power', entry: { enter: ['alice'], permissions: { managed: [READ] } } };
  const added = addToSetupFile(text, { name: 'alice', entry: { path: '/staff/' } }, role);
  expect(added).toContain('# ours\n');
  expect(added).toContain('bob: # the first');
  const { users, roles } = blueprintOf(added).accounts[0]!;
  expect(users.map(({ userArn }) => userArn)).toEqual([`arn:aws:iam::${PEOPLE}:user/bob`, ALICE.arn]);
  expect(roles.map(({ name, attachedPolicyArns }) => [name, attachedPolicyArns])).toEqual([['power', [READ]]]);
});

it('gives back only what was taken since it last was given back', () => {
  const entry = (part: string, value: string) => ({ setup: 'stepup', accountId: PEOPLE, arn: ALICE.arn, part, value });
  const entries = dated([
    entry('moved-group', 'old'),
    entry('moved-back', 'moved-group:old'),
    entry('inline:stepup-enter', 'not moved'),
    entry('moved-managed', READ),
    entry('moved-managed', READ),
    { ...entry('moved-managed', AUDIT), arn: `${ALICE.arn}2` },
    entry('moved-inline:mine', '{}'),
  ]);
  expect(givingsOf(entries, 'stepup', ALICE).map(({ call }) => call.action)).toEqual([
    'AttachUserPolicy',
    'PutUserPolicy',
  ]);
});

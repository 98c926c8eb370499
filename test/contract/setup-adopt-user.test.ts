/** `stepup setup adopt USER --into ROLE`, and back, as an administrator runs it against the sandbox. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { succeed } from './harness/aws-client.ts';
import { ADMIN_POLICY, type OverPrivileged, openOverPrivileged } from './harness/over-privileged.ts';
import { IS_EXECUTABLE } from './harness/stepup.ts';
import { atTerminal, CTRL_C, ENTER } from './harness/terminal.ts';

const KILL_AT = fileURLToPath(new URL('harness/kill-at.mjs', import.meta.url));
const ADOPT = ['adopt', 'alice', '--into', 'ops', '--profile', 'admin'];
const UNDO = ['adopt', 'alice', '--undo', '--profile', 'admin'];
const ALL = [1, 1, []];
const NOTHING = [0, 0, ['stepup-enter']];

let world: OverPrivileged;
beforeEach(async () => {
  world = await openOverPrivileged();
});
afterEach(() => world.close());

describe('adopting a user', () => {
  it('moves rights behind a code once the user has a device, and gives them back', async () => {
    const { setup, rights, alice } = world;
    world.sandbox.addDevice({ accountId: alice.accountId, userName: 'alice', type: 'fido', name: 'key' });
    const tooSoon = await setup([...ADOPT, '--yes']);
    expect(tooSoon).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stepup mfa enrol') });
    await world.giveAPhone();
    const herself = await setup(['adopt', 'alice', '--into', 'ops', '--profile', 'alice', '--yes']);
    expect(herself).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${alice.arn} is you`) });
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: alice.accountId }, Action: 'sts:AssumeRole' },
    };
    const taken = { RoleName: 'taken', AssumeRolePolicyDocument: JSON.stringify(trust) };
    await succeed(world.client, 'iam', 'CreateRole', taken, world.account.root);
    const others = await setup(['adopt', 'alice', '--into', 'taken', '--profile', 'admin', '--yes']);
    expect(others).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there already') });

    expect(await setup(ADOPT)).toMatchObject({ exitCode: 4 });
    const moved = await setup([...ADOPT, '--yes']);
    expect(moved).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('and was not tried') });
    expect(await rights()).toEqual(NOTHING);
    expect(await readFile(join(world.home.path, 'stepup.yaml'), 'utf8')).toContain(ADMIN_POLICY);
    expect(await setup(['verify', '--profile', 'admin'])).toMatchObject({ exitCode: 0 });
    expect(await setup([...ADOPT, '--yes'])).toMatchObject({ exitCode: 0 });

    const leaving = await setup(['remove', '--profile', 'admin', '--plan-only']);
    expect(leaving.stdout).toContain('stepup setup adopt alice --undo');
    const asJson = await setup(['remove', '--profile', 'admin', '--plan-only', '--json']);
    expect(JSON.parse(asJson.stdout).plan.movedRights).toEqual([
      {
        user: alice.arn,
        count: 2,
        goneGroups: [],
        giveBack: 'stepup setup adopt alice --undo --profile admin --long-term',
      },
    ]);

    expect(await setup(UNDO)).toMatchObject({ exitCode: 0 });
    expect((await rights()).slice(0, 2)).toEqual([1, 1]);
    expect((await setup(['remove', '--profile', 'admin', '--plan-only'])).stdout).not.toContain('--undo');
    expect(await setup(UNDO)).toMatchObject({ exitCode: 2 });

    const gone = await setup(['remove', '--profile', 'admin', '--yes', '--json']);
    const { plan, report } = JSON.parse(gone.stdout);
    expect(plan.entities.map(({ kind, whole }: { kind: string; whole: boolean }) => [kind, whole])).toEqual([
      ['role', true],
      ['user', false],
    ]);
    expect(report.done.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['DeleteRole', 'DeleteUserPolicy', 'UntagUser']),
    );
  });

  it('refuses a denial that would hold in the role too, and gives back what it can where a group is gone', async () => {
    await world.giveAPhone();
    const { client, account, setup, rights } = world;
    const give = (operation: string, input: object) => succeed(client, 'iam', operation, input, account.root);
    const force = (more: object) => ({
      ...{ UserName: 'alice', PolicyName: 'force-mfa' },
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          ...{ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' },
          Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' }, ...more },
        },
      }),
    });
    await give('PutUserPolicy', force({}));
    const refused = await setup([...ADOPT, '--yes']);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('inline policy force-mfa of user') });
    expect(existsSync(join(world.home.path, 'stepup.yaml'))).toBe(false);
    await give('PutUserPolicy', force({ StringEquals: { 'aws:PrincipalType': 'User' } }));
    const moved = await setup([...ADOPT, '--yes']);
    expect(moved).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('! inline policy force-mfa of user') });
    expect(await rights()).toEqual(NOTHING);

    await give('DeleteGroup', { GroupName: 'staff' });
    // Again and again: it is gone for good.
    for (const isFirst of [true, false]) {
      const partly = await setup(UNDO);
      expect(partly).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('AddUserToGroup staff: NoSuchEntity'),
      });
      expect(partly.stderr.includes('  PutUserPolicy\n')).toBe(isFirst);
      expect(await rights()).toEqual([1, 0, expect.arrayContaining(['force-mfa'])]);
    }
    const leaving = (await setup(['remove', '--profile', 'admin', '--plan-only'])).stdout;
    expect(leaving).toContain('! alice had rights by the group staff, which is there no more');
    expect(leaving).not.toContain('keeps nothing');
    await give('CreateGroup', { GroupName: 'staff' });
    expect(await setup(UNDO)).toMatchObject({ exitCode: 0 });
    expect((await rights()).slice(0, 2)).toEqual([1, 1]);
    expect(await setup(UNDO)).toMatchObject({ exitCode: 2 });
  });

  it('is tried with the user’s own key and a code, where they are at hand, before anything goes', async () => {
    const { phone } = await world.giveAPhone();
    const tried = (...more: readonly string[]) => [...ADOPT, '--yes', '--as', 'alice', '--code', '-', ...more];
    const wrong = await world.setup(tried(), { input: await phone.codeIn(20) });
    expect(wrong.exitCode, wrong.stderr).not.toBe(0);
    expect((await world.rights()).slice(0, 2)).toEqual([1, 1]);
    const stranger = await world.setup([...ADOPT, '--yes', '--as', 'admin']);
    expect(stranger.exitCode).not.toBe(0);
    expect((await world.rights()).slice(0, 2)).toEqual([1, 1]);
    const right = await world.setup(tried(), { input: await phone.freshCode() });
    expect(right, right.stderr).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('and was tried') });
    expect(await world.rights()).toEqual(NOTHING);
  });

  it('asks at a terminal before each of its two steps, and does nothing at a no or at Ctrl-C', async () => {
    await world.giveAPhone();
    const run = (args: readonly string[], ...answers: readonly (readonly [sees: string, types: string])[]) =>
      atTerminal(
        ['env', '-C', world.home.path, ...world.command(args)],
        answers.map(([sees, types]) => ({ sees, types })),
        world.home.env,
      );
    const [plan, take] = ['Apply this plan?', 'Take these from alice?'];
    for (const no of [`n${ENTER}`, CTRL_C]) {
      expect(await run(ADOPT, [plan, no])).toMatchObject({ exitCode: 130 });
      expect(existsSync(join(world.home.path, 'stepup.yaml'))).toBe(false);
      expect(await world.rights()).toEqual(ALL);
    }
    for (const no of [`n${ENTER}`, CTRL_C]) {
      expect(
        await run(ADOPT, ...((no === CTRL_C ? [] : [[plan, `y${ENTER}`]]) as [string, string][]), [take, no]),
      ).toMatchObject({
        exitCode: 130,
      });
      expect((await world.rights()).slice(0, 2)).toEqual([1, 1]);
    }
    expect(await run(ADOPT, [take, `y${ENTER}`])).toMatchObject({ exitCode: 0 });
    expect(await world.rights()).toEqual(NOTHING);

    const remove = ['remove', '--profile', 'admin'];
    for (const no of [`n${ENTER}`, CTRL_C]) {
      const asked = await run(remove, ['Remove all this?', no]);
      expect(asked, asked.stdout).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('alice --undo') });
      expect(await world.setup(['--plan-only', '--profile', 'admin'])).toMatchObject({
        stderr: expect.stringContaining('nothing to do'),
      });
    }
    expect(await world.setup(UNDO)).toMatchObject({ exitCode: 0 });
    expect(await run(remove, ['Remove all this?', `y${ENTER}`])).toMatchObject({ exitCode: 0 });
    expect(await world.rights()).toEqual(ALL);
  });
});

/** What kills it is loaded into Node by NODE_OPTIONS; an executable doesn't heed those, and runs the same code. */
describe.skipIf(IS_EXECUTABLE)('killed at any of its steps', () => {
  /** Runs it and kills it before its step of this number; whether it came so far. */
  async function killedAt(step: number, args: readonly string[]): Promise<boolean> {
    const env = { KILL_AT: String(step), NODE_OPTIONS: `--import=${KILL_AT}` };
    const { exitCode } = await world.setup(args, { env });
    return exitCode !== 0;
  }

  it('ends in the same state when it is run again, and so does giving back', async () => {
    await world.giveAPhone();
    let [step, struck] = [0, true];
    const seen = new Set<string>();
    while (struck) {
      step += 1;
      struck = await killedAt(step, [...ADOPT, '--yes']);
      const [attached, groups, inline] = await world.rights();
      seen.add(`${attached} ${groups} ${inline.join(' ')}`);
      // What she hasn't any more the role lets her have.
      if (attached + groups < 2) expect(inline).toContain('stepup-enter');
      expect(await world.setup([...ADOPT, '--yes'])).toMatchObject({ exitCode: 0 });
      expect(await world.rights(), `killed at ${step}`).toEqual(NOTHING);

      if (await killedAt(step, UNDO)) expect([0, 2]).toContain((await world.setup(UNDO)).exitCode);
      expect((await world.rights()).slice(0, 2), `killed at ${step}`).toEqual([1, 1]);
      expect(await world.setup(['remove', '--profile', 'admin', '--yes'])).toMatchObject({ exitCode: 0 });
      expect(await world.rights()).toEqual(ALL);
      for (const name of ['stepup.yaml', 'stepup.journal.jsonl'])
        await rm(join(world.home.path, name), { force: true });
    }
    // It went through all of it: the file, the plan's calls, and each taking.
    expect(step).toBeGreaterThan(12);
    expect(seen.size).toBeGreaterThan(3);
  }, 600_000);
});

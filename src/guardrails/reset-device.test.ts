/** A lost phone, on the sandbox: what still opens a door and when, and every stop on the way. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteUserPolicyCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stateOf } from '../../test/support/guardrails-verdicts.ts';
import {
  blueprintOf,
  type GuardrailsWorld,
  guardrailsWorld,
  PEOPLE,
  PROD,
} from '../../test/support/guardrails-world.ts';
import type { Keys } from '../../test/support/sandbox-clients.ts';
import { keysOf } from '../../test/support/sandbox-people.ts';
import { stepAt, totpCode } from '../totp/code.ts';
import { decodeSeed } from '../totp/seed.ts';
import type { IamCall } from './apply/iam-call.ts';
import type { DatedEntry } from './apply/journal.ts';
import type { Blueprint } from './blueprint/blueprint.ts';
import { endedSessionsPolicy, readEndedSessions } from './plan/ended-sessions.ts';
import { isEmpty } from './plan/plan.ts';
import {
  begunReset,
  type DeviceReset,
  endOfReset,
  makesCodes,
  planReset,
  type ResetPorts,
  resetDevice,
  withBegunWindows,
} from './reset-device.ts';

const SETUP = `version: 1
identity: people
accounts:
  people: { id: "${PEOPLE}" }
  prod: { id: "${PROD}" }
users: { alice: { self_service: [device, keys] } }
roles:
  read: { enter: [alice], permissions: { managed: [arn:aws:iam::aws:policy/ReadOnlyAccess] } }
  ops: { account: prod, enter: [alice] }
`;
const blueprint = blueprintOf(SETUP);
/** The same user with so many other roles. */
const withRoles = (count: number) => {
  const roles = Array.from({ length: count }, (_, index) => `team-role-${10 + index}: { enter: [alice] }`);
  return blueprintOf(SETUP.replace(/roles:[\s\S]*/, `roles:\n  ${roles.join('\n  ')}\n`));
};
const UserName = 'alice';
const OWN_SERIAL = `arn:aws:iam::${PEOPLE}:mfa/alice`;
const SPARE_SERIAL = `${OWN_SERIAL}-2`;
const HOUR = 3600;
const role = (accountId: string, name: string) => ({
  RoleArn: `arn:aws:iam::${accountId}:role/${name}`,
  RoleSessionName: 'tests',
});
const denied = expect.objectContaining({ name: 'AccessDenied' });

const journalOf = ({ journal }: GuardrailsWorld): readonly DatedEntry[] =>
  journal.map((entry) => ({ at: '', ...entry }));

interface Alice {
  readonly world: GuardrailsWorld;
  readonly key: Keys;
  /** Enables a device by these credentials; answers its secret. */
  enrol(by: Keys, name?: string): Promise<Uint8Array>;
  code(secret: Uint8Array): string;
  session(secret: Uint8Array, serialNumber?: string): Promise<Keys>;
  mayEnter(session: Keys): Promise<boolean>;
  policies(): Promise<readonly string[]>;
  devices(): Promise<readonly string[]>;
  plan(lost?: readonly string[], bootstrapSeconds?: number): Promise<DeviceReset>;
  reset(ports?: Partial<ResetPorts>, lost?: readonly string[]): ReturnType<typeof resetDevice>;
}

async function worldOfAlice(setup: Blueprint = blueprint): Promise<Alice> {
  const world = await guardrailsWorld();
  onTestFinished(() => world.close());
  await world.apply(setup);
  const iam = world.iam();
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const nowMs = () => world.sandbox.clock.now().getTime();
  const code = (secret: Uint8Array) => totpCode(secret, stepAt(nowMs()));
  const place = setup.accounts[0]!;
  const ports: ResetPorts = { ...world.ports, onProgress: () => undefined };
  const alice: Alice = {
    world,
    key,
    async enrol(by, VirtualMFADeviceName = UserName) {
      const client = world.iam(by);
      const { VirtualMFADevice } = await client.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName }));
      const secret = decodeSeed(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())!;
      const step = stepAt(nowMs());
      const codes = { AuthenticationCode1: totpCode(secret, step - 1), AuthenticationCode2: totpCode(secret, step) };
      await client.send(
        new EnableMFADeviceCommand({ UserName, SerialNumber: VirtualMFADevice!.SerialNumber, ...codes }),
      );
      world.sandbox.clock.advanceSeconds(60);
      return secret;
    },
    code,
    async session(secret, SerialNumber = OWN_SERIAL) {
      const ask = new GetSessionTokenCommand({ SerialNumber, TokenCode: code(secret), DurationSeconds: 36 * HOUR });
      const { Credentials } = await world.sts(key).send(ask);
      world.sandbox.clock.advanceSeconds(60);
      return keysOf(Credentials);
    },
    async mayEnter(session) {
      const tried = await Promise.all(
        [role(PEOPLE, 'read'), role(PROD, 'ops')].map((one) =>
          world
            .sts(session)
            .send(new AssumeRoleCommand(one))
            .then(
              () => true,
              (error: Error) => {
                expect(error).toEqual(denied);
                return false;
              },
            ),
        ),
      );
      expect(tried[0]).toBe(tried[1]);
      return tried[0]!;
    },
    policies: async () => (await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames ?? [],
    async devices() {
      const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }));
      return (MFADevices ?? []).map(({ SerialNumber }) => SerialNumber!);
    },
    async plan(lost, bootstrapSeconds = 48 * HOUR) {
      const { observed } = await world.ports.observe(place);
      const there = observed.account.users.find(({ name }) => name === UserName)!;
      const held = await alice.devices();
      const begun = begunReset(journalOf(world), 'stepup', there, held);
      const all = held.filter((serial) => makesCodes(serial) || begun.includes(serial));
      const source = { setup: 'stepup', account: place.account, user: place.users[0]!, there, held, begun };
      return planReset({ ...source, lost: lost ?? all, bootstrapSeconds });
    },
    async reset(others = {}, lost) {
      const outcome = await resetDevice(await alice.plan(lost), { ...ports, ...others });
      // What a person needs at least until the first login.
      world.sandbox.clock.advanceSeconds(61);
      return outcome;
    },
  };
  return alice;
}

/** With a device, and the first window closed, as after some days. */
async function settledAlice(
  setup: Blueprint = blueprint,
): Promise<{ readonly alice: Alice; readonly phone: Uint8Array }> {
  const alice = await worldOfAlice(setup);
  const phone = await alice.enrol(alice.key);
  await alice.world.apply(setup);
  return { alice, phone };
}

describe('a lost phone', () => {
  it('opens nothing any more, and another one does, until all is as before', async () => {
    const { alice, phone } = await settledAlice();
    const { world, key } = alice;
    const old = await alice.session(phone);
    expect(await alice.mayEnter(old)).toBe(true);
    const roleSession = await world.sts(old).send(new AssumeRoleCommand(role(PEOPLE, 'read')));

    await alice.reset();
    expect(await alice.devices()).toEqual([]);
    expect(await alice.mayEnter(old)).toBe(false);
    const { mayEnter } = alice;
    await expect(alice.session(phone)).rejects.toEqual(denied);
    // Whoever has the key alone: no role, no other key, no device under another name.
    expect(await mayEnter(key)).toBe(false);
    await expect(world.iam(key).send(new CreateAccessKeyCommand({ UserName }))).rejects.toEqual(denied);
    await expect(alice.enrol(key, 'thief')).rejects.toEqual(denied);
    await expect(alice.enrol(old)).rejects.toEqual(denied);
    // A role session that was entered before isn't the user's any more: nothing of the user's touches it.
    await world.iam(keysOf(roleSession.Credentials)).send(new ListUserPoliciesCommand({ UserName }));

    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    const other = await alice.enrol(key);
    expect(await alice.mayEnter(await alice.session(other))).toBe(true);
    expect(await alice.mayEnter(old)).toBe(false);
    await expect(alice.enrol(key)).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });

    await world.apply(blueprint);
    expect(await alice.policies()).toEqual(['stepup-ended-sessions', 'stepup-enter', 'stepup-self-service']);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    world.sandbox.clock.advanceSeconds(35 * HOUR);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    world.sandbox.clock.advanceSeconds(HOUR);
    expect((await world.plan(blueprint)).accounts[0]!.users[0]!.changes).toMatchObject([
      { type: 'forget-ended-sessions', because: 'over' },
      { type: 'tags' },
    ]);
    await world.apply(blueprint);
    expect(await alice.policies()).toEqual(['stepup-enter', 'stepup-self-service']);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    await expect(world.sts(old).send(new AssumeRoleCommand(role(PEOPLE, 'read')))).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });

  it('makes no session that outlives the reset, not even while it is under way', async () => {
    const { alice, phone } = await settledAlice();
    const late: Keys[] = [];
    const byKeyAndCode = () => {
      const code = { SerialNumber: OWN_SERIAL, TokenCode: alice.code(phone) };
      return alice.world.sts(alice.key).send(new AssumeRoleCommand({ ...role(PROD, 'ops'), ...code }));
    };
    await byKeyAndCode();
    alice.world.sandbox.clock.advanceSeconds(60);
    await alice.reset({
      send: async (account, call) => {
        if (call.action === 'DeactivateMFADevice') {
          late.push(await alice.session(phone));
          await expect(byKeyAndCode()).rejects.toEqual(denied);
        }
        return alice.world.ports.send(account, call);
      },
    });
    expect(late).toHaveLength(1);
    expect(await alice.mayEnter(late[0]!)).toBe(false);
  });

  it('leaves a device that makes codes, and a security key, to the user where they are not lost', async () => {
    const { alice } = await settledAlice();
    const { world } = alice;
    world.sandbox.addDevice({ accountId: PEOPLE, userName: UserName, type: 'fido', name: 'key' });
    const token = 'GAHT12345678';
    const seedBase32 = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    world.sandbox.addDevice({
      accountId: PEOPLE,
      userName: UserName,
      type: 'hardware',
      serialNumber: token,
      seedBase32,
    });
    await alice.reset({}, [OWN_SERIAL]);
    expect(await alice.policies()).not.toContain('stepup-bootstrap');
    const session = await alice.session(decodeSeed(seedBase32)!, token);
    expect(await alice.mayEnter(session)).toBe(true);

    // Now that one as well: it can't be deleted, and the security key opens no gate.
    await alice.reset();
    expect(await alice.devices()).toEqual([expect.stringContaining(':u2f/')]);
    expect(await alice.mayEnter(session)).toBe(false);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    const other = await alice.enrol(alice.key);
    expect(await alice.mayEnter(await alice.session(other))).toBe(true);
    await world.apply(blueprint);
    expect(await alice.policies()).not.toContain('stepup-bootstrap');
  });

  it('closes a window that is open before it frees the name that it allows, where another device is left', async () => {
    const alice = await worldOfAlice();
    const { world, key } = alice;
    const phone = await alice.enrol(key);
    const safe = await alice.enrol(await alice.session(phone), 'alice-2');
    expect(await alice.policies()).toContain('stepup-bootstrap');
    await alice.reset({}, [OWN_SERIAL]);
    expect(await alice.devices()).toEqual([SPARE_SERIAL]);
    expect(await alice.policies()).not.toContain('stepup-bootstrap');
    await expect(alice.enrol(key)).rejects.toEqual(denied);
    expect(await alice.mayEnter(await alice.session(safe, SPARE_SERIAL))).toBe(true);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
  });

  it('leaves no longer window open from before while it is under way', async () => {
    const alice = await worldOfAlice();
    await alice.enrol(alice.key);
    const seen: boolean[] = [];
    await alice.reset({
      send: async (account, call) => {
        const answer = await alice.world.ports.send(account, call);
        seen.push((await alice.policies()).includes('stepup-bootstrap'));
        return answer;
      },
    });
    // Only from the last call on: it is another one.
    expect(seen.slice(1)).toEqual([...seen.slice(2).map(() => false), true]);
  });

  it('finds room for a user with twenty roles: self-service waits until the new device is there', async () => {
    const many = withRoles(20);
    const { alice } = await settledAlice(many);
    await alice.reset();
    const { world } = alice;
    expect(await alice.policies()).toEqual(['stepup-bootstrap', 'stepup-ended-sessions', 'stepup-enter']);
    expect(isEmpty(await world.plan(many))).toBe(true);
    await alice.enrol(alice.key);
    // The window goes first, and there is room again.
    await world.apply(many);
    expect(await alice.policies()).toEqual(['stepup-ended-sessions', 'stepup-enter', 'stepup-self-service']);
    expect(isEmpty(await world.plan(many))).toBe(true);
  });
});

describe('where more roles leave no room for all that a reset gives for a time', () => {
  // With self-service and the window there is room for these, and not for the end of sessions beside them.
  const [few, more] = [withRoles(8), withRoles(20)];

  it('closes the window before the user gets them', async () => {
    const { alice } = await settledAlice(few);
    await alice.reset();
    await alice.enrol(alice.key);
    await alice.world.apply(more);
    expect(await alice.policies()).toEqual(['stepup-ended-sessions', 'stepup-enter', 'stepup-self-service']);
    expect(isEmpty(await alice.world.plan(more))).toBe(true);
  });

  it('lets self-service wait before the user gets them', async () => {
    const { alice } = await settledAlice(few);
    await alice.reset();
    expect(await alice.policies()).toContain('stepup-self-service');
    await alice.world.apply(more);
    expect(await alice.policies()).toEqual(['stepup-bootstrap', 'stepup-ended-sessions', 'stepup-enter']);
    expect(isEmpty(await alice.world.plan(more))).toBe(true);
  });

  it('takes the right to enter the roles that go before another window opens', async () => {
    const { alice } = await settledAlice(more);
    const { world } = alice;
    await alice.reset();
    await alice.enrol(alice.key);
    await world.apply(more);
    // Begun again, and the device taken by hand: a window is due, and self-service is there.
    const send: ResetPorts['send'] = async (account, call) => {
      if (call.action !== 'TagUser') throw new Crash();
      return world.ports.send(account, call);
    };
    await expect(alice.reset({ send })).rejects.toThrow(Crash);
    await world.iam().send(new DeactivateMFADeviceCommand({ UserName, SerialNumber: OWN_SERIAL }));
    await world.apply(few);
    expect(await alice.policies()).toEqual([
      'stepup-bootstrap',
      'stepup-ended-sessions',
      'stepup-enter',
      'stepup-self-service',
    ]);
    expect(isEmpty(await world.plan(few))).toBe(true);
  });

  it('forgets the end of sessions before another window opens', async () => {
    const { alice } = await settledAlice(few);
    await alice.reset();
    await alice.world.iam().send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'stepup-bootstrap' }));
    alice.world.sandbox.clock.advanceSeconds(37 * HOUR);
    await alice.world.apply(more);
    expect(await alice.policies()).toEqual(['stepup-bootstrap', 'stepup-enter', 'stepup-self-service']);
  });
});

it('opens the window though the name of its device is somebody else’s by now, and says so', async () => {
  const { alice } = await settledAlice();
  const { world } = alice;
  await alice.reset();
  const iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName: 'bob' }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const secret = decodeSeed(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())!;
  const step = stepAt(world.sandbox.clock.now().getTime());
  const codes = { AuthenticationCode1: totpCode(secret, step - 1), AuthenticationCode2: totpCode(secret, step) };
  await iam.send(new EnableMFADeviceCommand({ UserName: 'bob', SerialNumber: OWN_SERIAL, ...codes }));
  expect(await alice.reset()).toMatchObject({ taken: [OWN_SERIAL], bootstrapUntilMs: expect.any(Number) });
  expect(await alice.policies()).toContain('stepup-bootstrap');
});

it('refuses before its first call where AWS has no room for all of it', async () => {
  const rolesOf = (count: number) =>
    blueprintOf(
      SETUP.replace('{ self_service: [device, keys] }', '{}').replace(
        /roles:[\s\S]*/,
        `roles:\n  ${Array.from({ length: count }, (_, index) => `team-role-${10 + index}: { enter: [alice] }`).join('\n  ')}\n`,
      ),
    );
  const tooLarge = expect.objectContaining({ code: 'setup-too-large' });
  const { alice } = await settledAlice(rolesOf(33));
  await expect(alice.reset()).rejects.toEqual(tooLarge);
  expect(await alice.devices()).toEqual([OWN_SERIAL]);
  expect(await alice.policies()).toEqual(['stepup-enter']);

  const fewer = (await settledAlice(rolesOf(25))).alice;
  const put = (length: number) => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'a'.repeat(length)}` };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement }, undefined, 2);
    return fewer.world.iam().send(new PutUserPolicyCommand({ UserName, PolicyName: 'by-hand', PolicyDocument }));
  };
  await put(400);
  await expect(fewer.reset()).rejects.toEqual(tooLarge);
  await put(10);
  await fewer.reset();
  expect(await fewer.policies()).toContain('stepup-bootstrap');
});

class Crash extends Error {}

describe('a stop after every call', () => {
  it('is safe, is told of, and the next run ends in the same state', async () => {
    const clean = await settledAlice();
    const calls: string[] = [];
    await clean.alice.reset({ onProgress: ({ action }: IamCall) => void calls.push(action) });
    const wanted = await stateOf(clean.alice.world);
    expect(calls).toEqual([
      'TagUser',
      'PutUserPolicy',
      'DeactivateMFADevice',
      'PutUserPolicy',
      'DeleteVirtualMFADevice',
      'PutUserPolicy',
    ]);
    for (let stop = 1; stop <= calls.length; stop += 1) {
      const { alice, phone } = await settledAlice();
      const { world } = alice;
      const old = await alice.session(phone);
      let answered = 0;
      const send: ResetPorts['send'] = async (account, call) => {
        const answer = await world.ports.send(account, call);
        answered += 1;
        if (answered === stop) throw new Crash();
        return answer;
      };
      await expect(alice.reset({ send })).rejects.toThrow(Crash);
      // From the second call on no session of before gets anywhere, and from the third on there is no new one.
      expect([stop, await alice.mayEnter(old)]).toEqual([stop, stop < 2]);
      if (stop >= 3) await expect(alice.session(phone)).rejects.toEqual(denied);
      const { changes, extras } = (await world.plan(blueprint)).accounts[0]!.users[0]!;
      const begun = stop === 2 || stop === 3;
      expect([stop, extras]).toEqual([stop, begun ? [{ type: 'reset-begun' }] : []]);
      if (begun) expect(changes).toEqual([]);
      await alice.reset();
      expect(await stateOf(world), `stopped after ${stop}`).toBe(wanted);
      expect(await alice.mayEnter(old)).toBe(false);
      const other = await alice.enrol(alice.key);
      expect(await alice.mayEnter(await alice.session(other))).toBe(true);
    }
  }, 60_000);

  it('is gone on from by setup where only the window is missing, and left where the device may be there', async () => {
    const { alice } = await settledAlice();
    const { world } = alice;
    const stopAt = (action: string): ResetPorts['send'] => {
      let puts = 0;
      return async (account, call) => {
        if (call.action === 'PutUserPolicy') puts += 1;
        if (call.action === action || (action === 'window' && puts === 3)) throw new Crash();
        return world.ports.send(account, call);
      };
    };
    await expect(alice.reset({ send: stopAt('DeactivateMFADevice') })).rejects.toThrow(Crash);
    await world.apply(blueprint);
    expect(await alice.policies()).toContain('stepup-ended-sessions');
    expect(await alice.devices()).toEqual([OWN_SERIAL]);
    await expect(alice.reset({ send: stopAt('window') })).rejects.toThrow(Crash);
    world.sandbox.clock.advanceSeconds(61);
    await world.apply(blueprint);
    expect(await alice.mayEnter(await alice.session(await alice.enrol(alice.key)))).toBe(true);
  });
});

it('goes on with no device of a run that was stopped before its first call', async () => {
  const { alice, phone } = await settledAlice();
  const { world } = alice;
  await alice.enrol(await alice.session(phone), 'alice-2');
  const stopAt = (action: IamCall['action']): Partial<ResetPorts> => ({
    send: async (account, call) => {
      if (call.action === action) throw new Crash();
      return world.ports.send(account, call);
    },
  });
  const begun = async (): Promise<readonly string[]> => {
    const { observed } = await world.ports.observe(blueprint.accounts[0]!);
    const there = observed.account.users.find(({ name }) => name === UserName)!;
    return begunReset(journalOf(world), 'stepup', there, await alice.devices());
  };
  await expect(alice.reset(stopAt('TagUser'), [OWN_SERIAL])).rejects.toThrow(Crash);
  expect(world.journal.map(({ value }) => value)).toContain(OWN_SERIAL);
  expect(await begun()).toEqual([]);
  // Nor does the next one, of the other device, bring it back when it is stopped in its turn.
  await expect(alice.reset(stopAt('DeactivateMFADevice'), [SPARE_SERIAL])).rejects.toThrow(Crash);
  expect(await begun()).toEqual([SPARE_SERIAL]);
  await expect(alice.reset(stopAt('DeleteVirtualMFADevice'), await begun())).rejects.toThrow(Crash);
  expect(await begun()).toEqual([SPARE_SERIAL]);
  await alice.reset({}, []);
  expect(await alice.devices()).toEqual([OWN_SERIAL]);
  expect(await begun()).toEqual([]);
  expect(await alice.mayEnter(await alice.session(phone))).toBe(true);
  await alice.enrol(await alice.session(phone), 'alice-2');
});

describe('the length of the window of a reset that was stopped', () => {
  const DAY = 24 * HOUR;
  /** Stops after so many calls, and before so many lines of the journal. */
  const stopped = async (alice: Alice, seconds: number, calls: number, lines = Number.POSITIVE_INFINITY) => {
    const { ports, sandbox } = alice.world;
    const left = { calls, lines };
    const room = (what: 'calls' | 'lines') => {
      if (left[what] === 0) throw new Crash();
      left[what] -= 1;
    };
    const run = resetDevice(await alice.plan(undefined, seconds), {
      ...ports,
      onProgress: () => undefined,
      send: async (account, call) => {
        room('calls');
        return ports.send(account, call);
      },
      journal: (entry) => {
        room('lines');
        ports.journal(entry);
      },
    });
    await expect(run).rejects.toThrow(Crash);
    sandbox.clock.advanceSeconds(61);
  };
  const removeWindow = ({ world }: Alice) =>
    world.iam().send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'stepup-bootstrap' }));
  /** The seconds of the window that a setup would open now. */
  const opening = async ({ world }: Alice, setup = blueprint) => {
    const { accounts } = await world.plan(withBegunWindows(setup, journalOf(world)));
    const change = accounts[0]!.users[0]!.changes.find(({ type }) => type === 'open-bootstrap');
    return change?.type === 'open-bootstrap' ? change.seconds : undefined;
  };

  it('counts from the first call on, and not before', async () => {
    const alice = await worldOfAlice();
    await stopped(alice, HOUR, 0);
    await removeWindow(alice);
    expect(await opening(alice)).toBe(2 * DAY);
    const other = await worldOfAlice();
    // The tags name what comes, and the window of before is closed: sessions aren't ended yet.
    await stopped(other, HOUR, 2);
    expect(await other.policies()).toEqual(['stepup-enter', 'stepup-self-service']);
    expect(await opening(other)).toBe(HOUR);
  });

  it('is never longer than the file has it by now', async () => {
    const alice = await worldOfAlice();
    await stopped(alice, DAY, 2);
    const shorter = blueprintOf(SETUP.replace('alice: {', 'alice: { bootstrap: 1h,'));
    expect(await opening(alice, shorter)).toBe(HOUR);
  });

  it('is not forgotten by a run that goes on, wherever that is stopped', async () => {
    for (const lines of [0, 1]) {
      const alice = await worldOfAlice();
      await stopped(alice, HOUR, 2);
      await stopped(alice, HOUR, 0, lines);
      expect([lines, await opening(alice)]).toEqual([lines, HOUR]);
    }
  });

  /** By a setup; answers the parts that the journal has of it. */
  const finish = async ({ world }: Alice) => {
    const entries = journalOf(world);
    const begun = withBegunWindows(blueprint, entries);
    await world.apply(begun, {
      onProgress: ({ step }) => {
        const ended = endOfReset(begun, entries, step);
        if (ended !== undefined) world.journal.push(ended);
      },
    });
    return world.journal.slice(entries.length).map(({ part }) => part);
  };

  it('is over with once a setup has opened the window, unless a device is left to go', async () => {
    const { alice } = await settledAlice();
    await stopped(alice, HOUR, 4);
    expect(await opening(alice)).toBe(HOUR);
    expect(await finish(alice)).toEqual([]);
    // What goes on takes the device, whose name the window allows, and opens another window.
    await stopped(alice, HOUR, 4);
    expect(await alice.policies()).not.toContain('stepup-bootstrap');
    expect(await finish(alice)).toEqual(['device-reset']);
    await removeWindow(alice);
    expect(await opening(alice)).toBe(2 * DAY);
    expect(await finish(alice)).toEqual([]);
  });
});

describe('a reset through a bad network', () => {
  const actions = ['TagUser', 'PutUserPolicy', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'];
  const faults = fc.array(
    fc.record({
      action: fc.constantFrom(...actions),
      times: fc.integer({ min: 1, max: 3 }),
      answer: fc.constantFrom('throttle' as const, 'fail' as const, 'cut' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    { minLength: 3, maxLength: 12 },
  );

  it('ends old sessions and lets the person in, whichever answers are lost', async () => {
    const property = fc.asyncProperty(faults, async (some) => {
      const { alice, phone } = await settledAlice();
      const old = await alice.session(phone);
      const reset = await alice.plan();
      for (const fault of some) alice.world.sandbox.addFault(fault);
      await resetDevice(reset, { ...alice.world.ports, onProgress: () => undefined });
      alice.world.sandbox.clock.advanceSeconds(61);
      expect(await alice.mayEnter(old)).toBe(false);
      expect(await alice.mayEnter(await alice.session(await alice.enrol(alice.key)))).toBe(true);
    });
    await fc.assert(property, { numRuns: 8 });
  }, 60_000);
});

describe('the statement that ends sessions', () => {
  const at = Date.UTC(2026, 0, 1, 12, 0, 0, 1);
  it('is read back as what was written, to the second, and nothing else is', () => {
    expect(readEndedSessions(endedSessionsPolicy(at).document)).toBe(at + 999);
    expect(readEndedSessions(endedSessionsPolicy('all').document)).toBe('all');
    const before = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"false"}}}]}`;
    expect(readEndedSessions(before)).toBe('all');
    const { document } = endedSessionsPolicy(at);
    for (const other of [document.replace('Deny', 'Allow'), document.replace('LessThan', 'GreaterThan'), '{}', 'no']) {
      expect(readEndedSessions(other)).toBeUndefined();
    }
  });

  it('goes with the next apply where somebody made something else of it', async () => {
    const { alice } = await settledAlice();
    await alice.reset();
    const PolicyDocument = endedSessionsPolicy(at).document.replace('Deny', 'Allow');
    await alice.world
      .iam()
      .send(new PutUserPolicyCommand({ UserName, PolicyName: 'stepup-ended-sessions', PolicyDocument }));
    expect((await alice.world.plan(blueprint)).accounts[0]!.users[0]!.changes).toMatchObject([
      { type: 'forget-ended-sessions', because: 'altered' },
      { type: 'tags' },
    ]);
  });
});

/** The first days of a user, on the sandbox: from a key alone to a device, and what a thief has of it. */
import {
  CreateAccessKeyCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blueprintOf, type GuardrailsWorld, guardrailsWorld, PEOPLE } from '../../../test/support/guardrails-world.ts';
import type { Keys } from '../../../test/support/sandbox-clients.ts';
import { keysOf } from '../../../test/support/sandbox-people.ts';
import { stepAt, totpCode } from '../../totp/code.ts';
import { decodeSeed } from '../../totp/seed.ts';
import { isEmpty } from '../plan/plan.ts';
import { bootstrapPolicy } from './user-policies.ts';

const blueprint = blueprintOf(`version: 1
accounts: { people: { id: "${PEOPLE}" } }
users: { alice: { self_service: [device, keys] } }
roles: { read: { enter: [alice] } }
`);
const SerialNumber = `arn:aws:iam::${PEOPLE}:mfa/alice`;
const ROLE = { RoleArn: `arn:aws:iam::${PEOPLE}:role/read`, RoleSessionName: 'tests' };
const UserName = 'alice';
const HOUR = 3600;

let world: GuardrailsWorld;
let key: Keys;
beforeEach(async () => {
  world = await guardrailsWorld({ accounts: [PEOPLE] });
  await world.apply(blueprint);
  const { AccessKey } = await world.iam().send(new CreateAccessKeyCommand({ UserName }));
  key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
});
afterEach(() => world.close());

/** Makes and enables the device with this key; answers its secret. */
async function enrol(name = 'alice', by = key): Promise<Uint8Array> {
  const iam = world.iam(by);
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
  const secret = decodeSeed(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())!;
  const step = stepAt(world.sandbox.clock.now().getTime());
  const codes = { AuthenticationCode1: totpCode(secret, step - 1), AuthenticationCode2: totpCode(secret, step) };
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: VirtualMFADevice!.SerialNumber, ...codes }));
  world.sandbox.clock.advanceSeconds(60);
  return secret;
}

async function login(secret: Uint8Array): Promise<Keys> {
  const TokenCode = totpCode(secret, stepAt(world.sandbox.clock.now().getTime()));
  const { Credentials } = await world.sts(key).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }));
  return keysOf(Credentials);
}

const denied = expect.objectContaining({ name: 'AccessDenied' });
const policies = async () => (await world.iam().send(new ListUserPoliciesCommand({ UserName }))).PolicyNames;

describe('a new user', () => {
  it('enrols a device with the key alone, and enters its role', async () => {
    await expect(world.sts(key).send(new AssumeRoleCommand(ROLE))).rejects.toEqual(denied);
    const session = await login(await enrol());
    await expect(world.sts(session).send(new AssumeRoleCommand(ROLE))).resolves.toBeDefined();
  });

  it('has the statement until the device is there: the next apply takes it away, and nothing more is to do', async () => {
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    expect(await policies()).toContain('stepup-bootstrap');
    await enrol();
    expect((await world.plan(blueprint)).accounts[0]!.users[0]!.changes).toMatchObject([
      { type: 'close-bootstrap', because: 'enrolled' },
      { type: 'tags' },
    ]);
    await world.apply(blueprint);
    expect(await policies()).toEqual(['stepup-enter', 'stepup-self-service']);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
  });

  it('loses it when its time is over, in AWS at once and with the next apply', async () => {
    world.sandbox.clock.advanceSeconds(48 * HOUR + 60);
    await expect(enrol()).rejects.toEqual(denied);
    await world.apply(blueprint);
    expect(await policies()).not.toContain('stepup-bootstrap');
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
  });

  it('has it taken away where somebody made more of it', async () => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
    });
    await world.iam().send(new PutUserPolicyCommand({ UserName, PolicyName: 'stepup-bootstrap', PolicyDocument }));
    expect((await world.plan(blueprint)).accounts[0]!.users[0]!.changes[0]).toMatchObject({ because: 'altered' });
    await world.apply(blueprint);
    expect(await policies()).not.toContain('stepup-bootstrap');
  });

  it('has one longer than the file’s taken away, but not one of a clock that is a little ahead', async () => {
    const put = (aheadSeconds: number) => {
      const untilMs = world.sandbox.clock.now().getTime() + (48 * HOUR + aheadSeconds) * 1000;
      const { name: PolicyName, document: PolicyDocument } = bootstrapPolicy(blueprint.accounts[0]!.users[0]!, untilMs);
      return world.iam().send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
    };
    await put(50);
    expect(isEmpty(await world.plan(blueprint))).toBe(true);
    await put(70);
    expect((await world.plan(blueprint)).accounts[0]!.users[0]!.changes[0]).toMatchObject({ because: 'altered' });
  });
});

describe('a thief with the key, within the window, when the person has a device', () => {
  it('gains nothing: no device, no key, no role', async () => {
    await enrol();
    expect(await policies()).toContain('stepup-bootstrap');
    const thief = world.iam(key);
    await expect(enrol('alice')).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
    for (const name of ['alice-2', 'Alice', 'thief']) await expect(enrol(name)).rejects.toEqual(denied);
    await expect(thief.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await expect(thief.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }))).rejects.toEqual(denied);
    await expect(thief.send(new CreateAccessKeyCommand({ UserName }))).rejects.toEqual(denied);
    await expect(world.sts(key).send(new AssumeRoleCommand(ROLE))).rejects.toEqual(denied);
    const { Credentials } = await world.sts(key).send(new GetSessionTokenCommand({}));
    await expect(world.sts(keysOf(Credentials)).send(new AssumeRoleCommand(ROLE))).rejects.toEqual(denied);
    const { MFADevices } = await world.iam().send(new ListMFADevicesCommand({ UserName }));
    expect(MFADevices).toHaveLength(1);
  });
});

describe('self-service', () => {
  it('takes a code: a second device, and the first one away, by the person and not by a thief', async () => {
    const secret = await enrol();
    await world.apply(blueprint);
    await expect(enrol('alice-2')).rejects.toEqual(denied);
    await expect(world.iam(key).send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }))).rejects.toEqual(
      denied,
    );
    const session = await login(secret);
    await enrol('alice-2', session);
    await world.iam(session).send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    await expect(enrol('bob', session)).rejects.toEqual(denied);
    const { AccessKey } = await world.iam(session).send(new CreateAccessKeyCommand({ UserName }));
    expect(AccessKey).toBeDefined();
  });
});

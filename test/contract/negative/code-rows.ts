/** One-time codes that prove nothing. */

import { giveItAPhone, hire, phoneOf, STEP_MS } from '../harness/people.ts';
import { codeAt } from '../harness/phone.ts';
import { send } from '../harness/raw-request.ts';
import { call, type Parameters, queryDraft, signQuery } from './requests.ts';
import type { NegativeRow, Outcome } from './row.ts';
import type { World } from './world.ts';

const wrongCode = {
  code: 'AccessDenied',
  status: 403,
  message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
} as const;

const wrongDevice = {
  code: 'AccessDenied',
  status: 403,
  message:
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
} as const;

const halfGiven = {
  code: 'AccessDenied',
  status: 403,
  message: 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
} as const;

const malformed = { code: 'ValidationError', status: 400 } as const;

function login(world: World, more: Parameters): Promise<Awaited<ReturnType<typeof send>>> {
  return call(world, 'sts', { Action: 'GetSessionToken', ...more }, world.alice.key);
}

/** GetSessionToken by alice's key with these parameters, each made before the attempt. */
function alicesLogin(
  what: string,
  parameters: (world: World) => Promise<Parameters> | Parameters,
  outcome: Outcome,
): NegativeRow {
  return {
    what,
    async prepare(world) {
      const given = await parameters(world);
      return () => login(world, given);
    },
    ...outcome,
  };
}

function withSerial(world: World, TokenCode: string): Parameters {
  return { SerialNumber: world.alice.phone.serialNumber, TokenCode };
}

async function used(world: World): Promise<string> {
  const code = await world.alice.phone.freshCode();
  const answer = await login(world, withSerial(world, code));
  if (answer.status !== 200) throw new Error(answer.body);
  return code;
}

async function notNow(world: World): Promise<string> {
  const near = await Promise.all([-2, -1, 0, 1, 2].map((steps) => world.alice.phone.codeIn(steps)));
  const wrong = ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code));
  return wrong ?? '666666';
}

export const rows: readonly NegativeRow[] = [
  alicesLogin('a wrong code', async (world) => withSerial(world, await notNow(world)), wrongCode),
  alicesLogin('a code used before', async (world) => withSerial(world, await used(world)), wrongCode),
  alicesLogin(
    'the code of the step before one that was used',
    async (world) => {
      await used(world);
      return withSerial(world, await world.alice.phone.codeIn(-1));
    },
    wrongCode,
  ),
  alicesLogin(
    'the code of two steps ago',
    async (world) => {
      world.sandbox.clock.advance(10 * STEP_MS);
      return withSerial(world, await world.alice.phone.codeIn(-2));
    },
    wrongCode,
  ),
  alicesLogin(
    'the code of two steps ahead',
    async (world) => withSerial(world, await world.alice.phone.codeIn(2)),
    wrongCode,
  ),
  alicesLogin(
    "another user's device and a right code of it",
    async (world) => ({
      SerialNumber: world.bob.phone.serialNumber,
      TokenCode: await world.bob.phone.freshCode(),
    }),
    wrongDevice,
  ),
  alicesLogin(
    "her own device and another user's code",
    async (world) => {
      world.sandbox.clock.advance(2 * STEP_MS);
      return withSerial(world, await world.bob.phone.freshCode());
    },
    wrongCode,
  ),
  alicesLogin(
    "a device that doesn't exist",
    async (world) => ({
      SerialNumber: `arn:aws:iam::${world.account.accountId}:mfa/nobody`,
      TokenCode: await world.alice.phone.freshCode(),
    }),
    wrongDevice,
  ),
  alicesLogin(
    "her user's ARN for her device's",
    async (world) => ({ SerialNumber: world.alice.arn, TokenCode: await world.alice.phone.freshCode() }),
    wrongDevice,
  ),
  alicesLogin(
    "the other account's device of the same name",
    async (world) => ({
      SerialNumber: `arn:aws:iam::${world.otherAccount.accountId}:mfa/alice`,
      TokenCode: await world.alice.phone.freshCode(),
    }),
    wrongDevice,
  ),
  alicesLogin(
    'a serial number without a code',
    (world) => ({ SerialNumber: world.alice.phone.serialNumber }),
    halfGiven,
  ),
  alicesLogin('a code without a serial number', () => ({ TokenCode: '123456' }), halfGiven),
  alicesLogin('a code of five digits', (world) => withSerial(world, '12345'), malformed),
  alicesLogin('a code of seven digits', (world) => withSerial(world, '1234567'), malformed),
  alicesLogin('a code of letters', (world) => withSerial(world, 'abcdef'), malformed),
  alicesLogin("a code in another script's digits", (world) => withSerial(world, '١٢٣٤٥٦'), malformed),
  alicesLogin(
    'a passkey, with a right code of her phone',
    async ({ sandbox, account, alice }) => ({
      SerialNumber: sandbox.addDevice({
        type: 'fido',
        accountId: account.accountId,
        userName: alice.name,
        name: `key-${sandbox.clock.now()}`,
      }),
      TokenCode: await alice.phone.freshCode(),
    }),
    wrongDevice,
  ),
  {
    what: 'a device that was made but never enabled',
    async prepare(world) {
      const { VirtualMFADevice } = await world.root('CreateVirtualMFADevice', { VirtualMFADeviceName: 'drawer' });
      const TokenCode = await codeAt(VirtualMFADevice.Base32StringSeed.toString(), world.sandbox.clock.now());
      return () => login(world, { SerialNumber: VirtualMFADevice.SerialNumber, TokenCode });
    },
    ...wrongDevice,
  },
  {
    what: 'a device that was deactivated',
    async prepare(world) {
      const carol = await hire(world.client, world.account, 'carol');
      const { phone, key } = await giveItAPhone(world.client, world.account, carol, world.sandbox.clock);
      await world.root('DeactivateMFADevice', { UserName: 'carol', SerialNumber: phone.serialNumber });
      const parameters = {
        Action: 'GetSessionToken',
        SerialNumber: phone.serialNumber,
        TokenCode: await phone.freshCode(),
      };
      return () => call(world, 'sts', parameters, key);
    },
    ...wrongDevice,
  },
  {
    what: 'the codes that enabled a device, used again to log in',
    async prepare(world) {
      const dave = await hire(world.client, world.account, 'dave');
      const { phone, key } = await giveItAPhone(world.client, world.account, dave, world.sandbox.clock);
      const TokenCode = await phone.codeIn(0);
      return () => call(world, 'sts', { Action: 'GetSessionToken', SerialNumber: phone.serialNumber, TokenCode }, key);
    },
    ...wrongCode,
  },
  {
    what: 'a code used by AssumeRole, used again by GetSessionToken',
    async prepare(world) {
      const TokenCode = await world.alice.phone.freshCode();
      const given = withSerial(world, TokenCode);
      const assumed = await call(
        world,
        'sts',
        { Action: 'AssumeRole', RoleArn: world.gatedRole, RoleSessionName: 'test', ...given },
        world.alice.key,
      );
      if (assumed.status !== 200) throw new Error(assumed.body);
      return () => login(world, given);
    },
    ...wrongCode,
  },
  {
    what: 'one code in two requests at once: the slower one',
    async prepare(world) {
      const given = { Action: 'GetSessionToken', ...withSerial(world, await world.alice.phone.freshCode()) };
      return async () => {
        const request = () =>
          send(world.sandbox.port, signQuery(queryDraft(world, 'sts', given), 'sts', world.alice.key));
        const answers = await Promise.all([request(), request(), request(), request()]);
        const refused = answers.filter(({ status }) => status !== 200);
        if (refused.length !== 3 || refused[0] === undefined) throw new Error(`${refused.length} of 4 were refused`);
        return refused[0];
      };
    },
    ...wrongCode,
  },
  {
    what: 'one code to enable a device, given twice',
    async prepare(world) {
      const erin = await hire(world.client, world.account, 'erin');
      const made = (await world.root('CreateVirtualMFADevice', { VirtualMFADeviceName: 'erin' }))['VirtualMFADevice'];
      const phone = phoneOf(made.SerialNumber, made.Base32StringSeed.toString(), world.sandbox.clock);
      const code = await phone.codeIn(0);
      const parameters = {
        Action: 'EnableMFADevice',
        UserName: erin.name,
        SerialNumber: phone.serialNumber,
        AuthenticationCode1: code,
        AuthenticationCode2: code,
      };
      return () => call(world, 'iam', parameters, world.admin.key);
    },
    code: 'InvalidAuthenticationCode',
    status: 403,
  },
  {
    what: 'two codes to enable a device, in the wrong order',
    async prepare(world) {
      await hire(world.client, world.account, 'frank');
      const made = (await world.root('CreateVirtualMFADevice', { VirtualMFADeviceName: 'frank' }))['VirtualMFADevice'];
      const phone = phoneOf(made.SerialNumber, made.Base32StringSeed.toString(), world.sandbox.clock);
      const parameters = {
        Action: 'EnableMFADevice',
        UserName: 'frank',
        SerialNumber: phone.serialNumber,
        AuthenticationCode1: await phone.codeIn(0),
        AuthenticationCode2: await phone.codeIn(-1),
      };
      return () => call(world, 'iam', parameters, world.admin.key);
    },
    code: 'InvalidAuthenticationCode',
    status: 403,
  },
  {
    what: "a device that is somebody's, enabled for another user",
    async prepare(world) {
      const parameters = {
        Action: 'EnableMFADevice',
        UserName: 'bob',
        SerialNumber: world.alice.phone.serialNumber,
        AuthenticationCode1: await world.alice.phone.codeIn(0),
        AuthenticationCode2: await world.alice.phone.codeIn(1),
      };
      return () => call(world, 'iam', parameters, world.admin.key);
    },
    code: 'EntityAlreadyExists',
    status: 409,
  },
  {
    what: 'resynchronised with codes that are not consecutive',
    async prepare(world) {
      const parameters = {
        Action: 'ResyncMFADevice',
        UserName: 'alice',
        SerialNumber: world.alice.phone.serialNumber,
        AuthenticationCode1: await world.alice.phone.codeIn(-1),
        AuthenticationCode2: await world.alice.phone.codeIn(1),
      };
      return () => call(world, 'iam', parameters, world.admin.key);
    },
    code: 'InvalidAuthenticationCode',
    status: 403,
  },
];

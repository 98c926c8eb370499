import { describe, expect, it, vi } from 'vitest';
import { isStepupError, StepupError } from '../errors.ts';
import { chooseDevice, type DevicePerson } from './choose-device.ts';

const VIRTUAL = 'arn:aws:iam::123456789012:mfa/alice';
const SECOND = 'GAHT12345678';
const FIDO = 'arn:aws:iam::123456789012:u2f/user/alice/key';
const USER = 'arn:aws:iam::123456789012:user/team/alice';

function ports(serials: readonly string[] | 'denied', person?: DevicePerson) {
  return {
    list: vi.fn(async () => {
      if (serials === 'denied') {
        throw new StepupError('aws-refused', {
          operation: 'ListMFADevices',
          awsCode: 'AccessDenied',
          status: 403,
          message: 'not authorized',
        });
      }
      return serials.map((serialNumber) => ({ serialNumber }));
    }),
    identify: vi.fn(async () => ({ accountId: '123456789012', arn: USER })),
    onSlip: vi.fn(),
    commandWith: (serialNumber: string) => ['stepup', 'login', '--serial-number', serialNumber],
    person: () => person,
  };
}

const person = (chosen: number, confirms = true): DevicePerson => ({
  choose: async (devices) => devices[chosen]!,
  confirmGuess: async () => confirms,
});

async function codeOf(promise: Promise<unknown>): Promise<readonly [string, unknown]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isStepupError(error) ? [error.code, error.fields] : ['none', error];
}

describe('a device that was named', () => {
  it('is taken without asking AWS', async () => {
    const world = ports([]);
    expect(await chooseDevice('work', { serialNumber: VIRTUAL, origin: 'x' }, world)).toMatchObject({
      device: { serialNumber: VIRTUAL },
      by: 'named',
    });
    expect(world.list).not.toHaveBeenCalled();
    expect(world.identify).not.toHaveBeenCalled();
  });

  it('is refused when it is FIDO, or no serial number', async () => {
    expect(await codeOf(chooseDevice('work', { serialNumber: FIDO, origin: 'x' }, ports([])))).toEqual([
      'fido-only',
      { serialNumbers: [FIDO] },
    ]);
    expect(await codeOf(chooseDevice('work', { serialNumber: 'me', origin: 'x' }, ports([])))).toEqual([
      'serial-invalid',
      { value: 'me', origin: 'x' },
    ]);
  });

  it('is looked up when it is the user', async () => {
    const world = ports([VIRTUAL]);
    const slip = { serialNumber: USER, origin: 'mfa_serial' };
    expect(await chooseDevice('work', slip, world)).toMatchObject({ device: { serialNumber: VIRTUAL }, by: 'listed' });
    expect(world.onSlip).toHaveBeenCalledExactlyOnceWith(slip);
  });
});

describe('a device that was not named', () => {
  it('is the only one that STS takes', async () => {
    expect(await chooseDevice('work', undefined, ports([FIDO, VIRTUAL]))).toMatchObject({
      device: { serialNumber: VIRTUAL },
    });
  });

  it('is chosen by the person when there are several', async () => {
    expect(await chooseDevice('work', undefined, ports([VIRTUAL, SECOND], person(1)))).toMatchObject({
      device: { serialNumber: SECOND, form: 'hardware' },
    });
    expect(await codeOf(chooseDevice('work', undefined, ports([VIRTUAL, SECOND])))).toMatchObject([
      'no-terminal',
      { command: ['stepup', 'login', '--serial-number', VIRTUAL] },
    ]);
  });

  it('may not be there, or be FIDO only', async () => {
    expect(await codeOf(chooseDevice('work', undefined, ports([])))).toEqual(['no-mfa-device', { profile: 'work' }]);
    expect(await codeOf(chooseDevice('work', undefined, ports([FIDO])))).toEqual([
      'fido-only',
      { serialNumbers: [FIDO] },
    ]);
  });

  it('is guessed, and the guess offered, where the user may not list', async () => {
    expect(await chooseDevice('work', undefined, ports('denied', person(0)))).toMatchObject({
      device: { serialNumber: VIRTUAL },
      by: 'guessed',
    });
    for (const nobody of [undefined, person(0, false)]) {
      expect(await codeOf(chooseDevice('work', undefined, ports('denied', nobody)))).toEqual([
        'device-unknown',
        { profile: 'work', because: 'not authorized', guess: VIRTUAL },
      ]);
    }
  });

  it('is not guessed after any other failure', async () => {
    const world = {
      ...ports([]),
      list: async () => Promise.reject(new StepupError('answer-not-aws', { host: 'h', status: 200 })),
    };
    expect(await codeOf(chooseDevice('work', undefined, world))).toMatchObject(['answer-not-aws', {}]);
  });
});

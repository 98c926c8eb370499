import { describe, expect, it } from 'vitest';
import { StepupError } from '../errors.ts';
import { removeDevice, requireAnotherDevice } from './removal.ts';

const VIRTUAL = 'arn:aws:iam::123456789012:mfa/alice';
const HARDWARE = 'GAHT12345678';
const FIDO = 'arn:aws:iam::123456789012:u2f/user/alice/key';

describe('the last device that makes codes', () => {
  const removal =
    (serialNumber: string, held: readonly string[], force = false) =>
    () =>
      requireAnotherDevice(serialNumber, held, { userName: 'alice', force });

  it('stays, unless it is forced out', () => {
    expect(removal(VIRTUAL, [VIRTUAL, FIDO])).toThrow('last-device');
    expect(removal(VIRTUAL, [VIRTUAL, FIDO], true)).not.toThrow();
  });

  it('is none that stands beside another, and none that makes no codes', () => {
    expect(removal(VIRTUAL, [VIRTUAL, HARDWARE])).not.toThrow();
    expect(removal(FIDO, [FIDO, VIRTUAL])).not.toThrow();
    expect(removal(FIDO, [FIDO])).not.toThrow();
  });
});

describe('removing', () => {
  const refusal = (awsCode: string) =>
    new StepupError('aws-refused', { operation: 'x', awsCode, status: 404, message: '' });
  const calls = (deactivated: () => Promise<void>) => {
    const done: string[] = [];
    return {
      done,
      deactivate: async (serial: string) => {
        done.push(`deactivate ${serial}`);
        await deactivated();
      },
      deleteVirtual: async (serial: string) => {
        done.push(`delete ${serial}`);
      },
    };
  };

  it('deletes a virtual device, whose name would stay taken, and only that', async () => {
    const virtual = calls(async () => undefined);
    await removeDevice(VIRTUAL, virtual);
    expect(virtual.done).toEqual([`deactivate ${VIRTUAL}`, `delete ${VIRTUAL}`]);
    const hardware = calls(async () => undefined);
    await removeDevice(HARDWARE, hardware);
    expect(hardware.done).toEqual([`deactivate ${HARDWARE}`]);
  });

  it('goes on behind a run that was stopped, and stops at any other refusal', async () => {
    const half = calls(() => Promise.reject(refusal('NoSuchEntity')));
    await removeDevice(VIRTUAL, half);
    expect(half.done).toContain(`delete ${VIRTUAL}`);
    const denied = calls(() => Promise.reject(refusal('AccessDenied')));
    await expect(removeDevice(VIRTUAL, denied)).rejects.toThrow('aws-refused');
    expect(denied.done).not.toContain(`delete ${VIRTUAL}`);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { Connection } from '../aws/connection.ts';
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { iamAccess } from './iam-access.ts';

const KEY: Credentials = { accessKeyId: 'AKIAKEY', secretAccessKey: 'x' };
const SESSION: Credentials = { accessKeyId: 'ASIASESSION', secretAccessKey: 'x', sessionToken: 't' };

const refusal = (awsCode: string) =>
  new StepupError('aws-refused', { operation: 'CreateAccessKey', awsCode, status: 403, message: 'no' });

function world(session: Credentials | undefined, answers: readonly (Error | string)[]) {
  let nowMs = 0;
  let call = 0;
  const signedBy: string[] = [];
  const stepUp = vi.fn(async () => session);
  const access = iamAccess(
    { atHand: async () => KEY, stepUp },
    {
      connect: (credentials) => ({ credentials }) as Connection,
      denied: () => new StepupError('usage', { problem: 'the statement is missing' }),
      now: () => nowMs,
      pause: async (ms) => {
        nowMs += ms;
      },
    },
  );
  const work = async ({ credentials }: Connection) => {
    signedBy.push(credentials.accessKeyId);
    const answer = answers[Math.min(call++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { access: () => access(work), stepUp, signedBy, elapsedMs: () => nowMs };
}

describe('a call of IAM', () => {
  it('is signed by what is at hand, and nobody is asked', async () => {
    const { access, stepUp } = world(SESSION, ['done']);
    expect(await access()).toBe('done');
    expect(stepUp).not.toHaveBeenCalled();
  });

  it('is made again with MFA when it was denied, and so are those after it', async () => {
    const { access, stepUp, signedBy } = world(SESSION, [refusal('AccessDenied'), 'done']);
    expect(await access()).toBe('done');
    expect(await access()).toBe('done');
    expect(signedBy).toEqual(['AKIAKEY', 'ASIASESSION', 'ASIASESSION']);
    expect(stepUp).toHaveBeenCalledOnce();
  });

  it('names what is missing when MFA doesn’t help, or there is none', async () => {
    await expect(world(SESSION, [refusal('AccessDenied')]).access()).rejects.toMatchObject({ code: 'usage' });
    await expect(world(undefined, [refusal('AccessDenied')]).access()).rejects.toMatchObject({ code: 'usage' });
  });

  it('waits while AWS is busy, but not for ever, and for nothing else', async () => {
    const busy = world(SESSION, [refusal('Throttling'), refusal('RequestLimitExceeded'), 'done']);
    expect(await busy.access()).toBe('done');
    const always = world(SESSION, [refusal('Throttling')]);
    await expect(always.access()).rejects.toMatchObject({ fields: { awsCode: 'Throttling' } });
    expect(always.elapsedMs()).toBeLessThanOrEqual(60_000);
    const other = world(SESSION, [refusal('LimitExceeded')]);
    await expect(other.access()).rejects.toMatchObject({ fields: { awsCode: 'LimitExceeded' } });
    expect(other.signedBy).toHaveLength(1);
  });
});

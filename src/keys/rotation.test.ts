import { describe, expect, it } from 'vitest';
import { StepupError } from '../errors.ts';
import { type RotationPorts, rotate } from './rotation.ts';
import type { BegunRotation } from './rotation-journal.ts';
import type { StoredKey } from './stored-key.ts';

// What a kill leaves behind is tested against the sandbox, in test/contract/keys-rotate.test.ts.

const ALICE = 'arn:aws:iam::123456789012:user/alice';
const REQUEST = { profile: 'work', userArn: ALICE, userName: 'alice' };
const OLD: StoredKey = { accessKeyId: 'AKIAOLD', secretAccessKey: 'old' };
const NEW: StoredKey = { accessKeyId: 'AKIANEW', secretAccessKey: 'new' };

const refusal = (awsCode: string, status = 409) =>
  new StepupError('aws-refused', { operation: 'x', awsCode, status, message: '' });
const unknown = () => new StepupError('key-unknown', { accessKeyId: 'AKIANEW', message: '' });

/** A user with its keys: true for an active one. */
function world(change: Partial<RotationPorts['calls']> & Partial<RotationPorts> = {}, begun?: BegunRotation) {
  const keys = new Map([['AKIAOLD', true]]);
  let nowMs = 0;
  let held = OLD;
  let journal = begun;
  const calls: RotationPorts['calls'] = {
    list: async () => [...keys].map(([accessKeyId, active]) => ({ accessKeyId, active, createdAtMs: nowMs })),
    lastUse: async () => ({ type: 'never' }),
    create: async () => {
      keys.set('AKIANEW', true);
      return NEW;
    },
    setActive: async (id, active) => void keys.set(id, active),
    remove: async (id) => void keys.delete(id),
    removeAtEnd: async (id) => void keys.delete(id),
    ...change,
  };
  const ports: RotationPorts = {
    identify: async () => ALICE,
    readKey: async () => held,
    replaceKey: async (_, key) => {
      held = key;
    },
    mayRemove: async () => false,
    onStep: () => undefined,
    atEnd: () => undefined,
    now: () => nowMs,
    pause: async (ms) => {
      nowMs += ms;
    },
    ...change,
    calls,
    journal: {
      read: () => journal,
      write: (next) => {
        journal = next;
      },
      clear: () => {
        journal = undefined;
      },
    },
  };
  return { ports, keys, held: () => held, journal: () => journal };
}

describe('rotate', () => {
  it('leaves the new key alone', async () => {
    const { ports, keys, held, journal } = world();
    expect(await rotate(REQUEST, ports)).toEqual({ oldKeyId: 'AKIAOLD', newKeyId: 'AKIANEW' });
    expect([...keys]).toEqual([['AKIANEW', true]]);
    expect(held()).toBe(NEW);
    expect(journal()).toBeUndefined();
  });

  it('takes back a key that never works, or is somebody else’s', async () => {
    for (const identify of [() => Promise.reject(unknown()), async () => 'arn:aws:iam::210987654321:user/mallory']) {
      const { ports, keys, held, journal } = world({ identify });
      await expect(rotate(REQUEST, ports)).rejects.toThrow(/key-unknown|key-of-another-user/);
      expect([...keys]).toEqual([['AKIAOLD', true]]);
      expect(held()).toBe(OLD);
      expect(journal()).toBeUndefined();
    }
  });

  it('takes nothing back once the place may hold the new key', async () => {
    const replaceKey = async () =>
      Promise.reject(new StepupError('file-system', { code: 'EIO', path: '/', operation: 'write' }));
    const { ports, keys, journal } = world({ replaceKey });
    await expect(rotate(REQUEST, ports)).rejects.toThrow('file-system');
    expect([...keys.keys()]).toEqual(['AKIAOLD', 'AKIANEW']);
    expect(journal()?.newKeyId).toBe('AKIANEW');
  });

  it('gives the old key back its life when the new one dies', async () => {
    let proofs = 0;
    const identify = async () => {
      proofs += 1;
      if (proofs > 1) throw unknown();
      return ALICE;
    };
    const { ports, keys } = world({ identify });
    await expect(rotate(REQUEST, ports)).rejects.toThrow('key-unknown');
    expect([...keys]).toEqual([
      ['AKIAOLD', true],
      ['AKIANEW', true],
    ]);
  });

  it('goes on with no rotation of another profile', async () => {
    const begun = { profile: 'other', oldKeyId: 'AKIAOTHER', keyIdsBefore: [], startedAtMs: 0 };
    const { ports, keys } = world({}, begun);
    await expect(rotate(REQUEST, ports)).rejects.toMatchObject({
      code: 'rotation-of-another-profile',
      fields: { profile: 'other' },
    });
    expect([...keys]).toEqual([['AKIAOLD', true]]);
  });

  it('makes nothing where AWS says no, and leaves nothing begun', async () => {
    const { ports, journal } = world({ create: () => Promise.reject(refusal('AccessDenied', 403)) });
    await expect(rotate(REQUEST, ports)).rejects.toThrow('aws-refused');
    expect(journal()).toBeUndefined();
  });

  it('keeps in mind what it asked for where AWS’s answer leaves open whether it was done', async () => {
    const { ports, journal } = world({ create: () => Promise.reject(refusal('ServiceFailure', 500)) });
    await expect(rotate(REQUEST, ports)).rejects.toThrow('aws-refused');
    expect(journal()).toMatchObject({ oldKeyId: 'AKIAOLD', keyIdsBefore: ['AKIAOLD'] });
  });

  it('never takes a key for a lost one that somebody made while it asked', async () => {
    const asked: string[] = [];
    const { ports, keys } = world({
      create: async () => {
        keys.set('AKIAOTHER', true);
        throw refusal('LimitExceeded');
      },
      mayRemove: async ({ accessKeyId }) => {
        asked.push(accessKeyId);
        return false;
      },
    });
    await expect(rotate(REQUEST, ports)).rejects.toThrow('key-limit');
    expect(asked).toEqual(['AKIAOTHER']);
    expect([...keys.keys()]).toEqual(['AKIAOLD', 'AKIAOTHER']);
  });
});

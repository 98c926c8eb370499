import type { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { isStepupError } from '../errors.ts';
import { readLiveAccount } from './live.ts';

const identity = { accountId: '123456789012', partition: 'aws' };

const role = (name: string) => ({
  RoleName: name,
  RoleId: `AROA${name.toUpperCase()}`,
  Arn: `arn:aws:iam::123456789012:role/${name}`,
  AssumeRolePolicyDocument: encodeURIComponent('{"Version":"2012-10-17","Statement":[]}'),
});

type Page = Readonly<Record<string, unknown>>;

/** A client that answers these pages in turn and keeps the input of each call. */
function clientOf(pages: readonly Page[]): { client: Pick<IAMClient, 'send'>; inputs: unknown[] } {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => pages[inputs.push(command.input) - 1] ?? {};
  return { client: { send } as unknown as Pick<IAMClient, 'send'>, inputs };
}

describe('reading a live account', () => {
  test('the pages are one account, each asked for with the marker of the one before', async () => {
    const { client, inputs } = clientOf([
      { RoleDetailList: [role('First')], IsTruncated: true, Marker: 'a' },
      { IsTruncated: true, Marker: 'b' },
      { RoleDetailList: [role('Second')], IsTruncated: false },
    ]);
    const account = await readLiveAccount(client);
    expect(account.roles.map(({ name }) => name)).toEqual(['First', 'Second']);
    expect(account.roles[0]?.trustPolicy).toBe('{"Version":"2012-10-17","Statement":[]}');
    expect(inputs).toEqual([{ MaxItems: 1000 }, { MaxItems: 1000, Marker: 'a' }, { MaxItems: 1000, Marker: 'b' }]);
  });

  test('an empty account is read when the caller says whose it is', async () => {
    await expect(readLiveAccount(clientOf([{}]).client, { identity })).resolves.toMatchObject({
      users: [],
      ...identity,
    });
  });

  test.each([
    [
      'never moves on',
      [
        { IsTruncated: true, Marker: 'a' },
        { IsTruncated: true, Marker: 'a' },
      ],
    ],
    ['is missing', [{ IsTruncated: true }]],
  ])('a marker that %s ends in an error, not in a loop', async (_, pages) => {
    const failed = await readLiveAccount(clientOf(pages).client, { identity }).catch((error: unknown) => error);
    expect(isStepupError(failed, 'malformed-account') && failed.fields.path).toBe('$.Marker');
  });
});

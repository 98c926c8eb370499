import { expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { accountFor } from './ykman-codes.ts';

const device = { serialNumber: 'arn:aws:iam::123456789012:mfa/alice', accountId: '123456789012' };
const MADE_BY_AWS = 'Amazon Web Services:alice@123456789012';

it.each([
  [['GitHub:alice', MADE_BY_AWS], MADE_BY_AWS],
  [[MADE_BY_AWS, 'Amazon Web Services:alice@210987654321', 'AWS:root'], MADE_BY_AWS],
  [['GitHub:alice', 'AWS:work'], 'AWS:work'],
])('%j: %s', (accounts, account) => {
  expect(accountFor(accounts, device)).toBe(account);
});

it.each([[[]], [['GitHub:alice']], [['AWS:work', 'AWS:home']]])('%j: unclear', (accounts) => {
  try {
    expect(accountFor(accounts, device)).toBeUndefined();
  } catch (error) {
    expect(isStepupError(error, 'code-entry-unclear') && error.fields.entries).toEqual(accounts);
  }
});

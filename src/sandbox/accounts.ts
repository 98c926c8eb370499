import { StepupError } from '../errors.ts';
import { newAccessKeyId, newSecretAccessKey } from './identifiers.ts';
import type { Randomness } from './operation.ts';
import type { Store } from './store.ts';
import type { AccessKey, Account } from './tables.ts';

/** An account and the long-term key of its root, both made up. */
export interface SandboxAccount {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const defaultAccountId = '123456789012';

/**
 * The accounts asked for, made if need be, then the others of the state in the order in which they were made. One whose
 * root has no active key is given a new one.
 *
 * @throws StepupError `usage` for an id that isn't twelve digits, or comes twice
 */
export function ensureAccounts(
  store: Store,
  asked: readonly string[] = [],
  nowMs: number,
  random: Randomness,
): readonly [SandboxAccount, ...SandboxAccount[]] {
  checkIds(asked);
  const known = store.list('accounts', '').toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const wanted = asked.length === 0 && known.length === 0 ? [defaultAccountId] : asked;
  const others = known.filter(({ accountId }) => !wanted.includes(accountId));
  const accounts = [
    // A millisecond apart, so that their order outlives a restart.
    ...wanted.map(
      (id, index) => store.get('accounts', id) ?? { accountId: id, createdAtMs: nowMs + index, rootAccessKeyIds: [] },
    ),
    ...others,
  ];
  const [first, ...rest] = accounts.map(
    (account) => rootKeyOf(store, account) ?? addRootKey(store, account, nowMs, random),
  );
  if (first === undefined) throw new StepupError('internal', { problem: 'a sandbox without an account' });
  return [first, ...rest];
}

function checkIds(asked: readonly string[]): void {
  const wrong = asked.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) {
    throw new StepupError('usage', { problem: `${JSON.stringify(wrong)} is no account id: those have twelve digits` });
  }
  const twice = asked.find((id, index) => asked.indexOf(id) !== index);
  if (twice !== undefined) throw new StepupError('usage', { problem: `the account ${twice} is named twice` });
}

/** Root may have deleted or disabled its keys. */
function rootKeyOf(store: Store, { rootAccessKeyIds }: Account): SandboxAccount | undefined {
  const key = rootAccessKeyIds.flatMap((id) => store.get('accessKeys', id) ?? []).find(({ active }) => active);
  return key && credentialsOf(key);
}

function addRootKey(store: Store, account: Account, nowMs: number, random: Randomness): SandboxAccount {
  const key: AccessKey = {
    accountId: account.accountId,
    accessKeyId: newAccessKeyId(random),
    secretAccessKey: newSecretAccessKey(random),
    active: true,
    createdAtMs: nowMs,
    statusChangedAtMs: nowMs,
    owner: { type: 'root' },
  };
  const rootAccessKeyIds = [...account.rootAccessKeyIds, key.accessKeyId];
  store.commit([
    { table: 'accounts', key: account.accountId, value: { ...account, rootAccessKeyIds } },
    { table: 'accessKeys', key: key.accessKeyId, value: key },
  ]);
  return credentialsOf(key);
}

function credentialsOf({ accountId, accessKeyId, secretAccessKey }: AccessKey): SandboxAccount {
  return { accountId, accessKeyId, secretAccessKey };
}

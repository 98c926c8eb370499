/** An account in memory for tests of the sandbox's IAM: calls go through parameters, row and handler, not over HTTP. */
import { createHash } from 'node:crypto';
import type { Caller } from '../../src/enforcement/caller.ts';
import { rootArn, userArn } from '../../src/sandbox/arns.ts';
import { addForeignDevice, type ForeignDevice } from '../../src/sandbox/foreign-devices.ts';
import { iamService } from '../../src/sandbox/iam/service.ts';
import type { AuthorisationRow, Call, Randomness } from '../../src/sandbox/operation.ts';
import { createState, type State } from '../../src/sandbox/state.ts';
import type { User } from '../../src/sandbox/tables.ts';

export const ACCOUNT = '111122223333';

export const ROOT: Caller = {
  type: 'long-term',
  accessKeyId: 'AKIAROOTROOTROOTROOT',
  owner: { type: 'root', accountId: ACCOUNT, arn: rootArn(ACCOUNT), userId: ACCOUNT },
};

/** Members as the service model names them. */
export type Input = { readonly [name: string]: InputValue };
type InputValue = string | number | boolean | readonly InputValue[] | Input;

/** What a handler answers, read by name in tests. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is the service model's, and tests read it by name
export type Output = any;

export interface IamAccount {
  readonly state: State;
  readonly clock: { ms: number };
  /** Calls as root of the account, or as another caller. */
  call(action: string, input?: Input, caller?: Caller, accountId?: string): Output;
  /** Gives a user a device that no API call can make; answers its serial number. */
  addDevice(device: ForeignDevice): string;
  /** What must be allowed for the call. */
  asked(action: string, input?: Input, caller?: Caller): Asked;
}

export interface Asked {
  readonly action: string | null;
  readonly resource: string;
  readonly called: string | undefined;
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** `iam:TagUser arn:…`. */
  readonly also: readonly string[];
}

export function iamAccount(
  options: { readonly visibleAfterMs?: number; readonly accounts?: readonly string[] } = {},
): IamAccount {
  const clock = { ms: Date.UTC(2026, 0, 2, 3, 4, 5) };
  const state = createState({ visibleAfterMs: options.visibleAfterMs ?? 0, now: () => clock.ms });
  for (const accountId of options.accounts ?? [ACCOUNT]) {
    const value = { accountId, createdAtMs: clock.ms, rootAccessKeyIds: [] };
    state.commit([{ table: 'accounts', key: accountId, value }]);
  }
  const random = seededRandomness();

  function callOf(action: string, input: Input, caller: Caller, accountId: string): Call {
    const clocks = { machine: () => clock.ms, authority: () => clock.ms };
    const parameters = new Map([['Action', action], ['Version', '2010-05-08'], ...flattened('', input)] as const);
    return {
      caller,
      accountId,
      region: 'us-east-1',
      parameters,
      requestId: 'test',
      nowMs: clock.ms,
      store: state,
      clocks,
      random,
    };
  }

  function rowOf(action: string): AuthorisationRow {
    const row = iamService.rows[action];
    if (row === undefined) throw new Error(`no row for ${action}`);
    return row;
  }

  return {
    state,
    clock,
    call(action, input = {}, caller = ROOT, accountId = ACCOUNT) {
      const call = callOf(action, input, caller, accountId);
      const row = rowOf(action);
      row.check?.(call);
      row.resource(call);
      row.context?.(call);
      return iamService.handlers[action]?.(call);
    },
    addDevice: (device) => addForeignDevice(state, device, clock.ms, random),
    asked(action, input = {}, caller = ROOT) {
      const call = callOf(action, input, caller, ACCOUNT);
      const row = rowOf(action);
      row.check?.(call);
      return {
        action: row.action,
        resource: row.resource(call),
        called: row.resourceInDenial?.(call),
        context: Object.fromEntries(row.context?.(call) ?? []),
        also: (row.also?.(call) ?? []).map(({ action, resource }) => `${action} ${resource}`),
      };
    },
  };
}

/** The caller that holds a long-term key of this user. */
export function asUser(account: IamAccount, userName: string): Caller {
  const { UserId } = account.call('GetUser', { UserName: userName }).User;
  const user = account.state.get('users', UserId) as User;
  const owner = { type: 'user', accountId: user.accountId, arn: userArn(user), userId: user.userId, userName } as const;
  return { type: 'long-term', accessKeyId: user.accessKeyIds[0] ?? 'AKIANONENONENONENONE', owner };
}

export function asRoleSession(roleName: string): Caller {
  return {
    type: 'role-session',
    accessKeyId: 'ASIASESSIONSESSION00',
    accountId: ACCOUNT,
    roleId: 'AROAAAAAAAAAAAAAAAAAA',
    roleArn: `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
    roleName,
    sessionName: 'tests',
    issuedAtMs: 0,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    enteredBy: 'long-term',
    sessionPolicies: { managed: [] },
    tags: [],
    transitiveTagKeys: [],
  };
}

export function policyAllowing(...actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

export function trusting(principal: unknown): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });
}

/** The same bytes in each run, never the same twice within one. */
function seededRandomness(): Randomness {
  let counter = 0;
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () => {
        counter += 1;
        return createHash('sha256').update(String(counter)).digest();
      });
      return Buffer.concat(blocks).subarray(0, length);
    },
  };
}

function* flattened(prefix: string, value: InputValue): Generator<readonly [string, string]> {
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) yield* flattened(`${prefix}.member.${index + 1}`, member);
    if (value.length === 0) yield [prefix, ''];
  } else if (typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) yield* flattened(prefix ? `${prefix}.${name}` : name, member);
  } else {
    yield [prefix, String(value)];
  }
}

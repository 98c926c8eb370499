/** The tries of `stepup setup verify --as PROFILE`, put together from the real world: one's own key, and one code. */
import { GetAccountSummaryCommand, IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { isLoopback } from '../../aws/code-destination.ts';
import { type Connection, call } from '../../aws/connection.ts';
import type { Credentials } from '../../aws/credentials.ts';
import { advanceSandboxClock } from '../../aws/sandbox-clock.ts';
import { assumeRole, getSessionTokenWithoutCode } from '../../aws/sts.ts';
import { StepupError } from '../../errors.ts';
import type { AccountConnections } from '../../guardrails/account-access.ts';
import type { Blueprint } from '../../guardrails/blueprint/blueprint.ts';
import type { DesiredAccount } from '../../guardrails/desired-state/desired-state.ts';
import type { Finding } from '../../guardrails/verify/claims.ts';
import { type TryPorts, tryOwnUser } from '../../guardrails/verify/try-own-user.ts';
import { connectTo, iamUserOf, keyedProfile } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { longTermKey } from '../long-term-key.ts';
import { SHORT_SECONDS, sessionOfOwnUser } from './own-user-session.ts';

export interface OwnUserOptions {
  /** The profile with one's own key. */
  readonly as?: string;
  readonly code?: string;
  readonly moveSandboxClock?: boolean;
}

/** The most: the clock is moved past every gate, and the session must outlive that. */
const LONG_SECONDS = 129_600;

/** Throws `usage` where the key is no user's of the setup, and what asking for a code and calling AWS throw. */
export async function tryAsOwnUser(
  io: Io,
  blueprint: Blueprint,
  options: OwnUserOptions,
  connectionsOf: (account: DesiredAccount) => Promise<AccountConnections>,
): Promise<readonly Finding[]> {
  const base = keyedProfile(io, options.as);
  const key = await longTermKey(io, base);
  const { arn } = await iamUserOf(io, base, key);
  const user = blueprint.accounts.flatMap(({ users }) => users).find(({ userArn }) => userArn === arn);
  if (user === undefined) {
    throw new StepupError('usage', {
      problem: `the key of profile ${base.name} is ${arn}’s, who isn’t in the file`,
      hint: 'Only a user of the setup can try it: --as takes the profile with that user’s key.',
    });
  }
  const roles = blueprint.accounts.flatMap((account) => account.roles);
  const sts = (by: Credentials): Connection => connectTo(io, base.name, 'sts', by);
  const moves = options.moveSandboxClock === true ? { moveClock: await clockMover(blueprint, connectionsOf) } : {};
  return tryOwnUser(user, roles, {
    key,
    sessionWithoutCode: () => getSessionTokenWithoutCode({ durationSeconds: SHORT_SECONDS }, sts(key)),
    sessionWithCode: () =>
      sessionOfOwnUser(io, base.name, {
        code: options.code,
        durationSeconds: options.moveSandboxClock === true ? LONG_SECONDS : SHORT_SECONDS,
        command: ['stepup', 'setup', 'verify', '--as', base.name],
      }),
    assumeRole: (request, by) => assumeRole(request, sts(by)),
    elsewhere: elsewhere((by) => connectTo(io, base.name, 'iam', by)),
    ...moves,
  });
}

/** Each reads, and none is a right of the pattern's user. */
function elsewhere(iam: (by: Credentials) => Connection): TryPorts['elsewhere'] {
  const one = { MaxItems: 1 };
  const calls: Readonly<Record<string, (client: IAMClient) => Promise<unknown>>> = {
    ListUsers: (client) => client.send(new ListUsersCommand(one)),
    ListRoles: (client) => client.send(new ListRolesCommand(one)),
    GetAccountSummary: (client) => client.send(new GetAccountSummaryCommand({})),
  };
  return new Map(
    Object.entries(calls).map(([name, send]) => [
      `iam:${name}`,
      (by: Credentials) => call(name, iam(by), (config) => send(new IAMClient(config))),
    ]),
  );
}

/** Only a sandbox has a clock to move, by the root key of its first account: that must be the identity account's profile. */
async function clockMover(
  { accounts }: Blueprint,
  connectionsOf: (account: DesiredAccount) => Promise<AccountConnections>,
): Promise<(seconds: number) => Promise<void>> {
  const identity = accounts.find(({ users }) => users.length > 0);
  if (identity === undefined) throw new StepupError('internal', { problem: 'a setup without users' });
  const { sts } = await connectionsOf(identity.account);
  const { hostname } = sts.endpoint.url;
  if (!isLoopback(hostname)) {
    throw new StepupError('usage', {
      problem: `${hostname} is no sandbox`,
      hint: '--move-sandbox-clock is for a stepup sandbox on loopback; AWS has one clock for everybody.',
    });
  }
  return (seconds) => advanceSandboxClock(seconds, sts);
}

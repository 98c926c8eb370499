/** Where a person comes in: one of all the processes that want a session asks for the code behind it. */
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import type { AskingReason, BrokerPorts, KeyedBase } from './broker-ports.ts';
import { type KeptSession, type OpenSession, openSession, servingSession } from './kept-session.ts';
import { onePrompt } from './one-prompt.ts';
import { type RoleSessionIdentity, readRoleSession, writeRoleSession } from './role-cache.ts';
import { assumeRequest } from './role-chain.ts';
import { durationOf } from './role-identity.ts';
import type { RoleStep } from './route.ts';
import type { CredentialWish } from './wish.ts';

export interface SessionWish {
  readonly wish: CredentialWish;
  readonly minLeftSeconds: number;
  readonly maxAgesSeconds: readonly number[];
  readonly roleArn?: string;
  /** A session that was refused: any other will do. */
  readonly notSession?: string;
}

/** The base's MFA session if it serves, else a new one, for which one of all waiting processes asks one person. */
export async function mfaSession(ports: BrokerPorts, base: KeyedBase, needs: SessionWish): Promise<OpenSession> {
  let reason: AskingReason = 'none';
  // No store is opened for a session that wouldn't serve.
  const serving = (): KeptSession | undefined => {
    const found = servingSession(ports.readFiles(), base, ports.env, {
      nowMs: ports.now(),
      minLeftSeconds: needs.minLeftSeconds,
      maxAgesSeconds: needs.maxAgesSeconds,
    });
    if (typeof found === 'string') {
      reason = found;
      return undefined;
    }
    const isRefused = found.accessKeyId === needs.notSession;
    reason = isRefused ? 'refused' : 'none';
    return isRefused ? undefined : found;
  };
  const ready = async (): Promise<OpenSession | undefined> => {
    const session = serving();
    if (session === undefined) return undefined;
    return openSession(session, base.sessionProfile, (store) => ports.sessionStore(store, base.profile));
  };
  const found = await ready();
  if (found !== undefined) return found;
  const isRefused = (): boolean => reason === 'refused';
  // What a login by hand would find good enough must be replaced all the same.
  const mustForce = (): boolean => isRefused() || (reason === 'ended' && needs.minLeftSeconds > ports.leadSeconds);
  const command = (): readonly string[] => ['stepup', 'login', base.profile, ...(mustForce() ? ['--force'] : [])];
  if (!needs.wish.mayAsk) {
    const { profile } = needs.wish;
    const refused = isRefused() ? { isRefused: true } : {};
    throw new StepupError('person-needed', { profile, command: command().join(' '), ...refused });
  }
  return onePrompt<OpenSession>({
    ...ports.prompting,
    name: promptName(base),
    now: ports.now,
    ready,
    ask: async (turn) => {
      await ports.login({
        base,
        reason,
        turn,
        command: command(),
        ...(needs.roleArn !== undefined && { roleArn: needs.roleArn }),
      });
      const fresh = await ready();
      if (fresh === undefined) throw new StepupError('internal', { problem: `a new session doesn't serve: ${reason}` });
      return fresh;
    },
  });
}

/** Where an MFA session can't serve: a role session of more than an hour must be entered by the key itself. */
export function withCodeOnRole(
  ports: BrokerPorts,
  base: KeyedBase,
  step: RoleStep,
  identity: RoleSessionIdentity,
  wish: CredentialWish,
): Promise<Credentials> {
  // A login would bring a session that doesn't serve here.
  const command = ['stepup', 'exec', wish.profile, '--', 'true'];
  if (!wish.mayAsk) throw new StepupError('person-needed', { profile: wish.profile, command: command.join(' ') });
  const leadMs = (wish.minLeftSeconds ?? ports.leadSeconds) * 1_000;
  return onePrompt<Credentials>({
    ...ports.prompting,
    name: `${promptName(base)}-${fileSafe(step.profile)}`,
    now: ports.now,
    ready: () => readRoleSession(ports.folders.roleSessions, identity, ports.now() + leadMs)?.credentials,
    ask: async (turn) => {
      const request = assumeRequest(ports, step, durationOf(ports, step, true));
      const authenticatedAtMs = ports.now();
      const credentials = await ports.assumeRoleWithCode({
        ...request,
        base,
        reason: 'none',
        roleArn: step.roleArn,
        command,
        turn,
      });
      writeRoleSession(ports.folders.roleSessions, identity, { credentials, authenticatedAtMs });
      return credentials;
    },
  });
}

/** One prompt a base and endpoint; the same for all that want it. */
function promptName({ profile, endpoint }: KeyedBase): string {
  return fileSafe(`${profile}@${endpoint ?? 'AWS'}`);
}

function fileSafe(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E').slice(0, 150);
}

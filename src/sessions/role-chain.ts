/** Entering roles, one from another's session. */
import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import { isStepupError, StepupError } from '../errors.ts';
import type { AssumeRequest, BrokerPorts } from './broker-ports.ts';
import type { OpenSession } from './kept-session.ts';
import { type RoleSessionIdentity, writeRoleSession } from './role-cache.ts';
import { chainedLimitSeconds, durationOf, sessionNameOf } from './role-identity.ts';
import type { Base, RoleStep } from './route.ts';

export function isClosedDoor(error: unknown, first: RoleStep): boolean {
  return (
    isStepupError(error, 'aws-refused') &&
    error.fields.awsCode === 'AccessDenied' &&
    / on resource: (\S+)/.exec(error.fields.message)?.[1] === first.roleArn
  );
}

/** Enters one role after another, and keeps the last session. */
export async function throughRoles(
  ports: BrokerPorts,
  roles: readonly RoleStep[],
  start: Credentials,
  identity: RoleSessionIdentity,
  base: Base | undefined,
  session?: OpenSession,
): Promise<Credentials> {
  let from = start;
  let last: SessionCredentials | undefined;
  for (const [index, step] of roles.entries()) {
    const durationSeconds = Math.min(durationOf(ports, step, false), chainedLimitSeconds);
    try {
      last = await ports.assumeRole(assumeRequest(ports, step, durationSeconds), from);
    } catch (error) {
      // The door that the base itself stands before; those behind it are between roles.
      throw index === 0 && base !== undefined && base.type !== 'keyed' && isClosedDoor(error, step)
        ? closedTo(base, step, error)
        : error;
    }
    from = last;
  }
  if (last === undefined) return start;
  const authenticatedAtMs = session?.authenticatedAtMs;
  writeRoleSession(ports.folders.roleSessions, identity, {
    credentials: last,
    ...(authenticatedAtMs !== undefined && { authenticatedAtMs }),
  });
  return last;
}

function closedTo(base: Exclude<Base, { type: 'keyed' }>, step: RoleStep, cause: unknown): StepupError {
  const { profile, roleArn } = step;
  const baseType = base.type === 'provided' ? base.by : 'session';
  return new StepupError('gate-closed-to-base', { profile, roleArn, base: base.profile, baseType }, { cause });
}

export function assumeRequest(ports: BrokerPorts, step: RoleStep, durationSeconds: number): AssumeRequest {
  return { profile: step.profile, step, sessionName: sessionNameOf(ports, step), durationSeconds };
}

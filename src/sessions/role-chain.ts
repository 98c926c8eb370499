/** Entering roles, one from another's session, and the identity under which the last session is kept. */
import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import { isStepupError, StepupError } from '../errors.ts';
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import type { AssumeRequest, BrokerPorts, KeyedBase } from './broker-ports.ts';
import type { KeptSession } from './kept-session.ts';
import { type RoleSessionIdentity, type RoleWish, writeRoleSession } from './role-cache.ts';
import type { Base, RoleStep } from './route.ts';

/** AWS's limit for a role entered with temporary credentials (STS API Reference, AssumeRole, DurationSeconds). */
export const chainedLimitSeconds = 3_600;

export function isClosedDoor(error: unknown, first: RoleStep): boolean {
  return (
    isStepupError(error, 'aws-refused') &&
    error.fields.awsCode === 'AccessDenied' &&
    error.fields.message.includes(first.roleArn)
  );
}

/** Enters one role after another, and keeps the last session. */
export async function throughRoles(
  ports: BrokerPorts,
  roles: readonly RoleStep[],
  start: Credentials,
  identity: RoleSessionIdentity,
  base: Base | undefined,
  session?: KeptSession,
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

export function identityOf(
  ports: BrokerPorts,
  files: AwsFiles,
  base: Base,
  keyed: KeyedBase | undefined,
  roles: readonly RoleStep[],
): RoleSessionIdentity {
  const signedBy = signerOf(base, ports.env);
  return {
    endpoint: keyed === undefined ? `of ${base.profile}` : (keyed.endpoint ?? 'AWS'),
    base: keyed?.keyId ?? `profile ${base.profile}`,
    ...(signedBy !== undefined && { signedBy }),
    roles: roles.map((step): RoleWish => {
      // A role profile's calls go to its own endpoint, which need not be its base's.
      const endpoint = ports.customEndpoint(files, step.profile);
      const { roleArn, externalId, sourceIdentity, sessionTags, transitiveSessionTags } = step;
      return {
        roleArn,
        sessionName: sessionNameOf(ports, step),
        durationSeconds: durationOf(ports, step, roles.length === 1),
        tags: sessionTags.map(({ key, value }) => [key, value] as const),
        transitiveTagKeys: transitiveSessionTags,
        ...(endpoint !== undefined && { endpoint }),
        ...(externalId !== undefined && { externalId }),
        ...(sourceIdentity !== undefined && { sourceIdentity }),
      };
    }),
  };
}

/** Somebody else changes what such a base holds: with other keys in it, or another sign-in, it is somebody else. */
function signerOf(base: Base, env: Environment): string | undefined {
  if (base.type === 'foreign-session') return base.session.accessKeyId;
  if (base.type === 'keyed') return undefined;
  return base.by === 'environment' ? env['AWS_ACCESS_KEY_ID'] : base.identity;
}

export function assumeRequest(ports: BrokerPorts, step: RoleStep, durationSeconds: number): AssumeRequest {
  return { profile: step.profile, step, sessionName: sessionNameOf(ports, step), durationSeconds };
}

function sessionNameOf(ports: BrokerPorts, step: RoleStep): string {
  return step.roleSessionName ?? ports.defaultSessionName;
}

/** A chain's sessions last an hour at most; there, more isn't asked for. */
export function durationOf(ports: BrokerPorts, { durationSeconds }: RoleStep, isDirect: boolean): number {
  const wished = durationSeconds ?? ports.roleDurationSeconds;
  return isDirect ? wished : Math.min(wished, chainedLimitSeconds);
}

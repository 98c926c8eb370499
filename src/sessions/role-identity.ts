/** Under which name a role session is kept: all that shapes it. */
import type { AwsFiles, Environment } from '../profiles/aws-files.ts';
import type { BrokerPorts, KeyedBase } from './broker-ports.ts';
import type { RoleSessionIdentity, RoleWish } from './role-cache.ts';
import type { Base, RoleStep } from './route.ts';

/** AWS's limit for a role entered with temporary credentials (STS API Reference, AssumeRole, DurationSeconds). */
export const chainedLimitSeconds = 3_600;

/** What the world says of sessions that no profile says. */
export type SessionDefaults = Pick<
  BrokerPorts,
  'env' | 'customEndpoint' | 'defaultSessionName' | 'roleDurationSeconds'
>;

export function identityOf(
  ports: SessionDefaults,
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
      const { roleArn, externalId, sourceIdentity, sessionTags, transitiveSessionTags, sessionPolicy } = step;
      return {
        roleArn,
        sessionName: sessionNameOf(ports, step),
        durationSeconds: durationOf(ports, step, roles.length === 1),
        tags: sessionTags.map(({ key, value }) => [key, value] as const),
        transitiveTagKeys: transitiveSessionTags,
        sessionPolicyArns: step.sessionPolicyArns,
        ...(sessionPolicy !== undefined && { sessionPolicy }),
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

export function sessionNameOf(ports: SessionDefaults, step: RoleStep): string {
  return step.roleSessionName ?? ports.defaultSessionName;
}

/** A chain's sessions last an hour at most; there, more isn't asked for. */
export function durationOf(ports: SessionDefaults, { durationSeconds }: RoleStep, isDirect: boolean): number {
  const wished = durationSeconds ?? ports.roleDurationSeconds;
  return isDirect ? wished : Math.min(wished, chainedLimitSeconds);
}

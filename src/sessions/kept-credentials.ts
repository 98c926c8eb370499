/**
 * Credentials that are kept already, which is what most calls get: two files and at most one entry are read, nothing is
 * written, nobody is asked, and nothing is loaded that another answer would need.
 */
import type { Credentials } from '../aws/credentials.ts';
import type { AwsFiles } from '../profiles/aws-files.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import type { BrokerPorts, KeyedBase } from './broker-ports.ts';
import { servingSession } from './kept-session.ts';
import { type RoleSessionIdentity, readRoleSession } from './role-cache.ts';
import { identityOf, type SessionDefaults } from './role-identity.ts';
import { type Base, type RoleStep, routeTo } from './route.ts';
import { withSessionPolicy } from './session-policy.ts';
import type { CredentialWish } from './wish.ts';

/** An MFA session with less than this left isn't worth beginning with. */
export const mfaLeadSeconds = 60;

export interface KeptPorts
  extends SessionDefaults,
    Pick<BrokerPorts, 'now' | 'readFiles' | 'leadSeconds' | 'describeBase'> {
  readonly folders: Pick<BrokerPorts['folders'], 'roleSessions'>;
}

/** What a wish comes to, as the files are now. */
export interface Way {
  readonly files: AwsFiles;
  readonly resolved: ResolvedProfile;
  readonly base: Base;
  readonly roles: readonly RoleStep[];
}

/** @throws StepupError as `resolveProfile`, `routeTo` and `withSessionPolicy` */
export function wayTo(ports: Pick<KeptPorts, 'env' | 'readFiles'>, wish: CredentialWish): Way {
  const files = ports.readFiles();
  const resolved = resolveProfile(files, wish.profile, ports.env);
  const { base, roles: named } = routeTo(files, resolved);
  return { files, resolved, base, roles: named.map(withSessionPolicy) };
}

/** The base's key, if it has one, and the name that the last role's session is kept under. */
export function identified(
  ports: Pick<KeptPorts, 'describeBase'> & SessionDefaults,
  { files, base, roles }: Way,
): { readonly keyed: KeyedBase | undefined; readonly identity: RoleSessionIdentity } {
  const keyed = base.type === 'keyed' ? ports.describeBase(files, base) : undefined;
  return { keyed, identity: identityOf(ports, files, base, keyed, roles) };
}

/** The role session, or without a role the MFA session, if one is kept that lives long enough. */
export function keptCredentials(ports: KeptPorts, way: Way, wish: CredentialWish): Credentials | undefined {
  const { keyed, identity } = identified(ports, way);
  if (way.roles.length > 0) {
    const leadMs = (wish.minLeftSeconds ?? ports.leadSeconds) * 1_000;
    return readRoleSession(ports.folders.roleSessions, identity, ports.now() + leadMs)?.credentials;
  }
  if (keyed === undefined) return undefined;
  const found = servingSession(way.files, keyed, ports.env, {
    nowMs: ports.now(),
    minLeftSeconds: wish.minLeftSeconds ?? mfaLeadSeconds,
    maxAgesSeconds: [],
  });
  // One in a store takes more: the store is opened by those who may wait for a person.
  return typeof found === 'string' || found.type === 'stored-session' ? undefined : found;
}

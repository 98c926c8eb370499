import { isAccountId, nameOfArn, splitArn } from './arn.ts';
import type { RequestContext } from './context.ts';
import type { Principal } from './principal.ts';

/** Identity providers that aren't ARNs (IAM User Guide, Principal: web identity). */
const WEB_IDENTITY_PROVIDERS = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
]);

const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|aws\.internal|amazon\.com|aws)$/;

/**
 * The principal that a name means; undefined: it means none. `*` is nobody in particular, without credentials.
 *
 * What a name doesn't show is taken from the context, if it stands there: a session's role, path included, from
 * `aws:PrincipalArn`, and a user's or role's unique id from `aws:userid`. Without `aws:PrincipalArn` the role's path
 * stays unknown, and a Principal element matches the session by account and role name. A role's ARN means the role's
 * permissions, whatever the session.
 */
export function principalNamed(name: string, context: RequestContext): Principal | undefined {
  if (name === '*') return { type: 'anonymous' };
  if (WEB_IDENTITY_PROVIDERS.has(name)) return { type: 'web-identity', provider: name };
  if (SERVICE.test(name)) return { type: 'service', service: name };
  const parts = splitArn(name);
  if (parts === undefined || parts[0] !== 'arn' || !isAccountId(parts[4])) return undefined;
  const [, , service, , accountId, resource] = parts;
  const read = READERS.find((reader) => reader.service === service && reader.resource.test(resource));
  return read?.principal({ arn: name, accountId, resource, context });
}

interface NamedPrincipal {
  readonly arn: string;
  readonly accountId: string;
  readonly resource: string;
  readonly context: RequestContext;
}

const READERS: readonly {
  readonly service: string;
  readonly resource: RegExp;
  readonly principal: (named: NamedPrincipal) => Principal;
}[] = [
  {
    service: 'iam',
    resource: /^root$/,
    principal: ({ arn, accountId }) => ({ type: 'root', arn, accountId }),
  },
  {
    service: 'iam',
    resource: /^user\/(?:.*\/)?[^/]+$/,
    principal: ({ arn, accountId, context }) => ({
      type: 'user',
      arn,
      accountId,
      uniqueId: uniqueIdIn(context, 'AIDA'),
    }),
  },
  {
    service: 'iam',
    resource: /^role\/(?:.*\/)?[^/]+$/,
    principal: ({ arn, accountId, context }) => ({
      type: 'role-session',
      arn,
      accountId,
      roleArn: arn,
      roleUniqueId: uniqueIdIn(context, 'AROA'),
    }),
  },
  {
    service: 'sts',
    resource: /^assumed-role\/[^/]+\/[^/]+$/,
    principal: ({ arn, accountId, resource, context }) => ({
      type: 'role-session',
      arn,
      accountId,
      roleArn: roleArnIn(context, accountId, resource.split('/')[1] ?? ''),
      roleUniqueId: uniqueIdIn(context, 'AROA'),
    }),
  },
  {
    service: 'sts',
    resource: /^federated-user\/[^/]+$/,
    principal: ({ arn, accountId }) => ({ type: 'federated-user', arn, accountId }),
  },
  {
    service: 'iam',
    resource: /^(?:oidc|saml)-provider\//,
    principal: ({ arn }) => ({ type: 'web-identity', provider: arn }),
  },
];

/** `aws:PrincipalArn`, if it is the ARN of the session's role: what it says of another says nothing here. */
function roleArnIn(context: RequestContext, accountId: string, roleName: string): string | undefined {
  const [arn, ...others] = context.get('aws:principalarn') ?? [];
  if (arn === undefined || others.length > 0) return undefined;
  const parts = splitArn(arn);
  const isRole = parts?.[2] === 'iam' && parts[4] === accountId && parts[5].startsWith('role/');
  return isRole && nameOfArn(arn) === roleName ? arn : undefined;
}

/** The id in `aws:userid`: `AIDA…` for a user, `AROA…:session` for a role's session. */
function uniqueIdIn(context: RequestContext, prefix: string): string | undefined {
  const [id] = context.get('aws:userid')?.[0]?.split(':') ?? [];
  return id?.startsWith(prefix) ? id : undefined;
}

/**
 * Principals of a resource's policy, as AWS keeps them (IAM User Guide, AWS JSON policy elements: Principal): the ARN of
 * a user or role becomes its unique id when the policy is written, and is shown as an ARN again for as long as the
 * entity is there. So a principal that is deleted and made again under its name isn't trusted.
 */
import { parseIamArn, roleArn, userArn } from './arns.ts';
import { findRole, findRoleByArn, findUserByArn } from './find.ts';
import type { Store } from './store.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type ResolvedPrincipals =
  /** `document` is compact JSON. */
  | { readonly ok: true; readonly document: string }
  /** `principal` as AWS's message quotes it: `"AWS":"arn:aws:iam::…"`. */
  | { readonly ok: false; readonly principal: string };

/** For a policy that is being written: every principal must exist. `document` is JSON that has been parsed before. */
export function resolvePrincipals(store: Store, document: string): ResolvedPrincipals {
  let invalid: string | undefined;
  const resolved = mapPrincipals(JSON.parse(document), (type, value) => {
    const kept = stored(store, type, value);
    if (kept === undefined) invalid ??= `"${type.toUpperCase()}":"${value}"`;
    return kept ?? value;
  });
  return invalid === undefined ? { ok: true, document: JSON.stringify(resolved) } : { ok: false, principal: invalid };
}

/** For a policy that is being shown: unique ids become ARNs where the entity is still there. */
export function showPrincipals(store: Store, document: string): string {
  return JSON.stringify(
    mapPrincipals(JSON.parse(document), (type, value) => (type === 'AWS' ? shown(store, value) : value)),
  );
}

/** The form to keep; nothing for a principal that doesn't exist. */
function stored(store: Store, type: string, value: string): string | undefined {
  switch (type) {
    case 'AWS':
      return storedAwsPrincipal(store, value);
    case 'Service':
      return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(value) ? value : undefined;
    default:
      // doubt: AWS refuses a SAML or OIDC provider that isn't there. The sandbox can't create one, and nobody can sign
      // in through one, so any may be named.
      return value;
  }
}

function storedAwsPrincipal(store: Store, value: string): string | undefined {
  // Accounts outside of this sandbox exist elsewhere; nobody from there can call here.
  if (value === '*' || /^\d{12}$/.test(value) || /^arn:aws:iam::\d{12}:root$/.test(value)) return value;
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(value);
  if (session !== null) {
    const [, accountId = '', roleName = ''] = session;
    return findRole(store, accountId, roleName) === undefined ? undefined : value;
  }
  if (/^arn:aws:sts::\d{12}:federated-user\/[^/]+$/.test(value)) return value;
  if (store.visible('users', value) !== undefined || store.visible('roles', value) !== undefined) return value;
  switch (parseIamArn(value)?.kind) {
    case 'user':
      return findUserByArn(store, value)?.userId;
    case 'role':
      return findRoleByArn(store, value)?.roleId;
    default:
      return undefined;
  }
}

function shown(store: Store, value: string): string {
  const user = store.get('users', value);
  if (user !== undefined) return userArn(user);
  const role = store.get('roles', value);
  return role === undefined ? value : roleArn(role);
}

function mapPrincipals(document: Json, map: (type: string, value: string) => string): Json {
  return mapKeys(document, { Statement: (statements) => eachOf(statements, statement) });

  function statement(value: Json): Json {
    return mapKeys(value, { Principal: principal, NotPrincipal: principal });
  }

  function principal(value: Json): Json {
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([type, of]) => [
        type,
        eachOf(of, (name) => (typeof name === 'string' ? map(type, name) : name)),
      ]),
    );
  }
}

function mapKeys(value: Json, maps: Readonly<Record<string, (value: Json) => Json>>): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, maps[key]?.(of) ?? of]));
}

/** A single value stands for a list of one. */
function eachOf(value: Json, map: (value: Json) => Json): Json {
  return isList(value) ? value.map(map) : map(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}

/**
 * Policies compiled for evaluation, once for each entity as it is stored: an entity never changes in place, so what
 * hangs on it can't go stale, and goes when the entity goes.
 */

import type { PolicyKind } from '../policy/document.ts';
import { parsePolicy } from '../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../policy/prepare.ts';
import type { Group, ManagedPolicy, Role, User } from './tables.ts';

const inline = new WeakMap<User | Group | Role, readonly PreparedPolicy[]>();
const managed = new WeakMap<ManagedPolicy, PreparedPolicy>();
const trust = new WeakMap<Role, PreparedPolicy>();

export function preparedInlinePolicies(holder: User | Group | Role): readonly PreparedPolicy[] {
  return kept(inline, holder, () => holder.inlinePolicies.map(({ document }) => prepare(document, 'identity')));
}

/** The default version. */
export function preparedManagedPolicy(policy: ManagedPolicy): PreparedPolicy {
  return kept(managed, policy, () => {
    const version = policy.versions.find(({ versionId }) => versionId === policy.defaultVersionId);
    // A default version can't be deleted; should one be missing nonetheless, the policy allows nothing.
    return prepare(version?.document ?? NOTHING_ALLOWED, 'identity');
  });
}

/** Principals are unique ids in it where they are users or roles (see `principals.ts`). */
export function preparedTrustPolicy(role: Role): PreparedPolicy {
  return kept(trust, role, () => prepare(role.trustPolicy, 'trust'));
}

const NOTHING_ALLOWED = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

function prepare(document: string, kind: PolicyKind): PreparedPolicy {
  return preparePolicy(parsePolicy(document, kind));
}

function kept<K extends object, V>(cache: WeakMap<K, V>, key: K, make: () => V): V {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}

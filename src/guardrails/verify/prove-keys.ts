/**
 * What a user's long-term key, or a session without a code, may do beside asking for its roles: nothing, or it is named.
 * Each statement that allows is asked by itself whether it can be met without MFA; what a deny elsewhere would take back
 * is left out, so that a doubt ends in a finding.
 */
import type { Account, User } from '../../account/account.ts';
import { AccountPolicies, type HeldPolicies } from '../../account/policies-of.ts';
import { policyAllowsWithoutMfa } from '../../policy/ask/one-policy.ts';
import type { ListElement, Statement } from '../../policy/document.ts';
import type { UserBlueprint } from '../blueprint/blueprint.ts';
import { BOOTSTRAP_POLICY, bootstrapEnd } from '../blueprint/user-policies.ts';
import type { Failure, Finding } from './claims.ts';

/** `account` is the identity account as it was read back. Throws what AccountPolicies throws. */
export function proveKeys(wanted: readonly UserBlueprint[], account: Account): Finding {
  const policies = new AccountPolicies(account);
  const failures: Failure[] = [];
  for (const blueprint of wanted) {
    const user = account.users.find(({ arn }) => arn === blueprint.userArn);
    if (user === undefined) {
      failures.push({ who: blueprint.userArn, what: 'the user', because: 'is not there' });
      continue;
    }
    failures.push(...rightsBesideRoles(blueprint, account, user, policies.ofUser(user)));
  }
  return { method: 'proved', claim: 'key elsewhere', cases: wanted.length, failures };
}

function hasBootstrap({ inlinePolicies }: User, owner: UserBlueprint): boolean {
  const policy = inlinePolicies.find(({ name }) => name === BOOTSTRAP_POLICY);
  return policy !== undefined && bootstrapEnd(owner, policy.document) !== undefined;
}

function rightsBesideRoles(
  owner: UserBlueprint,
  { accountId }: Account,
  user: User,
  { identity, identityNames }: HeldPolicies,
): readonly Failure[] {
  const bootstrapName = hasBootstrap(user, owner)
    ? `inline policy ${BOOTSTRAP_POLICY} of user ${user.name}`
    : undefined;
  return identity.flatMap((policy, index) => {
    const because = `allowed without a code by ${identityNames[index]}`;
    if (identityNames[index] === bootstrapName) return [];
    return policy.allows.flatMap(({ source }) => {
      if (isHarmless(source, owner)) return [];
      return requestsOf(source)
        .filter(({ action, resource }) => {
          const principal = { type: 'user', arn: user.arn, accountId, uniqueId: user.id } as const;
          const question = { principal, action, resource, statementIndex: source.index };
          return policyAllowsWithoutMfa(policy, question).answer !== 'no';
        })
        .map(({ shown }) => ({ who: user.arn, what: shown, because }));
    });
  });
}

/** Asking for one's own roles, where the gate decides, and listing one's own devices, which changes nothing. */
function isHarmless({ action, resource }: Statement, { roles, userArn }: UserBlueprint): boolean {
  if (action.negated || resource === undefined || resource.negated) return false;
  const only = (name: string, resources: readonly string[]): boolean =>
    action.values.every((value) => value.toLowerCase() === name) &&
    resource.values.every((value) => resources.includes(value));
  const roleArns = roles.map(({ arn }) => arn);
  return only('sts:assumerole', roleArns) || only('iam:listmfadevices', [userArn]);
}

interface Request {
  readonly action: string;
  readonly resource: string;
  /** As the policy has it. */
  readonly shown: string;
}

/** A request that each pair of patterns fits; what a statement excludes is asked by something that nobody excludes. */
function requestsOf({ action, resource }: Statement): readonly Request[] {
  return examplesOf(action, 'stepup-verify:Anything').flatMap(([actionPattern, actionExample]) =>
    examplesOf(resource, 'arn:aws:stepup-verify:::anything').map(([resourcePattern, resourceExample]) => ({
      action: actionExample,
      resource: resourceExample,
      shown: `${actionPattern} on ${resourcePattern}`,
    })),
  );
}

function examplesOf(element: ListElement | undefined, anything: string): readonly (readonly [string, string])[] {
  if (element === undefined) return [['anything', anything]];
  if (element.negated) return [[`all but ${element.values.join(', ')}`, anything]];
  return element.values.map((pattern) => [pattern, pattern === '*' ? anything : pattern.replace(/[*?]/g, 'x')]);
}

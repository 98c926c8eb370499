import { BOOTSTRAP_POLICY } from '../../../src/guardrails/blueprint/user-policies.ts';

/**
 * An account's details without ids and times, documents decoded, and without the window for a first device, which
 * `apply` opens and no export does: equal for accounts that were made alike.
 */
export function comparable(details: unknown): unknown {
  return JSON.parse(JSON.stringify(details), (key, value) => {
    if (/Id$|Date$|^RoleLastUsed$/.test(key)) return undefined;
    // A description that was taken away is empty, one that never was is absent.
    if (key === 'Description' && value === '') return undefined;
    if (/Document$/.test(key)) return JSON.parse(decodeURIComponent(value));
    if (key === 'UserPolicyList')
      return value.filter((one: { PolicyName: string }) => one.PolicyName !== BOOTSTRAP_POLICY);
    if (key === 'Value')
      return String(value).replace(` inline:${BOOTSTRAP_POLICY}`, '').replace(`inline:${BOOTSTRAP_POLICY} `, '');
    if (key === 'Tags') return [...value].sort((a: { Key: string }, b: { Key: string }) => (a.Key < b.Key ? -1 : 1));
    return value;
  });
}

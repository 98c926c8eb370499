/** ARNs of IAM's entities: made, and taken apart. */

interface Pathed {
  readonly accountId: string;
  /** Begins and ends with a slash. */
  readonly path: string;
}

export function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

export function userArn(user: Pathed & { readonly userName: string }): string {
  return iamArn(user, 'user', user.userName);
}

export function groupArn(group: Pathed & { readonly groupName: string }): string {
  return iamArn(group, 'group', group.groupName);
}

export function roleArn(role: Pathed & { readonly roleName: string }): string {
  return iamArn(role, 'role', role.roleName);
}

/** `accountId` is `aws` for the policies that AWS manages. */
export function policyArn(policy: Pathed & { readonly policyName: string }): string {
  return iamArn(policy, 'policy', policy.policyName);
}

export function virtualMfaArn(device: Pathed & { readonly name: string }): string {
  return iamArn(device, 'mfa', device.name);
}

function iamArn({ accountId, path }: Pathed, kind: string, name: string): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`;
}

export interface IamArn extends Pathed {
  /** `user`, `group`, `role`, `policy`, `mfa`… */
  readonly kind: string;
  readonly name: string;
}

/** Takes apart `arn:aws:iam::ACCOUNT:KIND/PATH/NAME`; nothing for any other form. `accountId` may be `aws`. */
export function parseIamArn(arn: string): IamArn | undefined {
  const match = /^arn:aws:iam::(\d{12}|aws):([a-z0-9-]+)(\/(?:.*\/)?)([^/]+)$/s.exec(arn);
  if (match === null) return undefined;
  const [, accountId = '', kind = '', path = '', name = ''] = match;
  return { accountId, kind, path, name };
}

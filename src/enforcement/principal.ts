/** A caller as IAM names it: in policies, in ARNs, in `aws:userid`. */
import type { Principal } from '../policy/request.ts';
import type { Caller } from './caller.ts';
import type { KeyOwner } from './ports.ts';

export function accountOf(caller: Caller): string {
  return caller.type === 'long-term' ? caller.owner.accountId : caller.accountId;
}

/** The ARN that GetCallerIdentity answers and denials name. */
export function callerArn(caller: Caller): string {
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return caller.owner.arn;
    case 'role-session':
      return `arn:aws:sts::${caller.accountId}:assumed-role/${caller.roleName}/${caller.sessionName}`;
    case 'federated':
      return `arn:aws:sts::${caller.accountId}:federated-user/${caller.name}`;
  }
}

/** `aws:userid` (IAM User Guide, "Where you can use policy variables", table of principal key values). */
export function callerUserId(caller: Caller): string {
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return caller.owner.userId;
    case 'role-session':
      return `${caller.roleId}:${caller.sessionName}`;
    case 'federated':
      return `${caller.accountId}:${caller.name}`;
  }
}

/** The caller as the policy evaluator must know it. */
export function principalOf(caller: Caller): Principal {
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return ownerPrincipal(caller.owner);
    case 'role-session':
      return {
        type: 'role-session',
        arn: callerArn(caller),
        accountId: caller.accountId,
        roleArn: caller.roleArn,
        roleUniqueId: caller.roleId,
      };
    case 'federated':
      return {
        type: 'federated-user',
        arn: callerArn(caller),
        accountId: caller.accountId,
        userArn: caller.owner.arn,
      };
  }
}

function ownerPrincipal(owner: KeyOwner): Principal {
  const { arn, accountId, userId } = owner;
  return owner.type === 'root' ? { type: 'root', arn, accountId } : { type: 'user', arn, accountId, uniqueId: userId };
}

import type { Call } from '../operation.ts';

/** The ARN that AWS's messages call the caller by. */
export function callerArn({ caller }: Call): string {
  switch (caller.type) {
    case 'role-session':
      return `arn:aws:sts::${caller.accountId}:assumed-role/${caller.roleName}/${caller.sessionName}`;
    case 'federated':
      return `arn:aws:sts::${caller.owner.accountId}:federated-user/${caller.name}`;
    default:
      return caller.owner.arn;
  }
}

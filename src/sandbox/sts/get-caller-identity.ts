import { accountOf, callerArn, callerUserId } from '../../enforcement/principal.ts';
import type { Operation } from './ports.ts';

/** "No permissions are required to perform this operation", and an explicit deny doesn't stop it. */
export const getCallerIdentity: Operation = {
  row: { action: null, resource: () => '*' },
  handler: ({ caller }) => ({
    Arn: callerArn(caller),
    UserId: callerUserId(caller),
    Account: accountOf(caller),
  }),
};

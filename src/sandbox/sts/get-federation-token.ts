/**
 * GetFederationToken: temporary credentials for a federated user, with what both the calling user's policies and the
 * session policies allow (STS API reference, GetFederationToken).
 */
import { requestTagEntries } from '../../enforcement/context-entries.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type { Call } from '../operation.ts';
import { printCredentials } from './answer.ts';
import { lifetime } from './lifetime.ts';
import { oncePerCall } from './once-per-call.ts';
import { readStsParameters } from './parameters.ts';
import type { Operation, StsPorts } from './ports.ts';
import { checkManagedPolicies, packedSizePercent, readSessionPolicies } from './session-policies.ts';
import { checkSessionTags } from './session-tags.ts';

const DEFAULT_SECONDS = 43_200;
const ROOT_SECONDS = 3600;

export function getFederationToken(ports: StsPorts): Operation {
  const requestOf = oncePerCall((call) => {
    const input = readStsParameters('GetFederationToken', call.parameters);
    if (call.caller.type !== 'long-term') {
      throw new Refusal('AccessDenied', 403, 'Cannot call GetFederationToken with session credentials');
    }
    const tags = (input.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value }));
    checkSessionTags({ tags, transitiveTagKeys: [] });
    const sessionPolicies = readSessionPolicies(input);
    return {
      name: input.Name,
      seconds: input.DurationSeconds ?? DEFAULT_SECONDS,
      owner: call.caller.owner,
      tags,
      sessionPolicies,
      packedPercent: packedSizePercent(sessionPolicies, tags),
    };
  });

  const userArn = (call: Call): string => `arn:aws:sts::${call.accountId}:federated-user/${requestOf(call).name}`;

  return {
    row: {
      check: requestOf,
      action: 'sts:GetFederationToken',
      resource: userArn,
      context: (call) => requestTagEntries(requestOf(call).tags),
      also: (call) =>
        requestOf(call).tags.length === 0 ? [] : [{ action: 'sts:TagSession', resource: userArn(call) }],
    },
    handler(call) {
      const { name, seconds, owner, tags, sessionPolicies, packedPercent } = requestOf(call);
      const { accountId, userId } = owner;
      checkManagedPolicies(sessionPolicies, accountId, ports.directory);
      const { issuedAtMs, expiresAtMs } = lifetime(
        call.nowMs,
        owner.type === 'root' ? Math.min(seconds, ROOT_SECONDS) : seconds,
      );
      const credentials = ports.sessionTokens.seal({
        type: 'federated',
        accountId,
        userId,
        name,
        issuedAtMs,
        expiresAtMs,
        sessionPolicies,
        tags,
      });
      return {
        Credentials: printCredentials(credentials, expiresAtMs),
        FederatedUser: { FederatedUserId: `${accountId}:${name}`, Arn: userArn(call) },
        PackedPolicySize: packedPercent,
      };
    },
  };
}

/**
 * GetSessionToken: temporary credentials with the rights of the user who calls. Policies have no say in it; only
 * long-term keys may call it (STS API reference, GetSessionToken).
 */
import { Refusal } from '../../enforcement/refusal.ts';
import { printCredentials } from './answer.ts';
import { lifetime } from './lifetime.ts';
import { readStsParameters } from './parameters.ts';
import type { Operation, StsPorts } from './ports.ts';
import { provenByCode } from './proof.ts';

const DEFAULT_SECONDS = 43_200;
/** Root's sessions last an hour at most; more is cut down without an error. */
const ROOT_SECONDS = 3600;

export function getSessionToken(ports: StsPorts): Operation {
  return {
    row: { action: null, resource: () => '*' },
    handler({ caller, nowMs, parameters }) {
      const input = readStsParameters('GetSessionToken', parameters);
      if (caller.type !== 'long-term') {
        throw new Refusal('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
      }
      const { owner } = caller;
      const proven = provenByCode(input, caller, ports);
      const asked = input.DurationSeconds ?? DEFAULT_SECONDS;
      const { issuedAtMs, expiresAtMs } = lifetime(
        nowMs,
        owner.type === 'root' ? Math.min(asked, ROOT_SECONDS) : asked,
      );
      const credentials = ports.sessionTokens.seal({
        type: 'user-session',
        accountId: owner.accountId,
        userId: owner.userId,
        issuedAtMs,
        expiresAtMs,
        // doubt: AWS says that MFA-protected API access isn't for root, not what root's code does. It proves nothing here.
        authenticatedAtMs: proven && owner.type === 'user' ? nowMs : undefined,
      });
      return { Credentials: printCredentials(credentials, expiresAtMs) };
    },
  };
}

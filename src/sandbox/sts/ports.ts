import type { CodeAuthority } from '../../enforcement/one-time-code.ts';
import type { Directory } from '../../enforcement/ports.ts';
import type { SessionTokens } from '../../enforcement/session-token.ts';
import type { AuthorisationRow, Handler } from '../operation.ts';

/** What STS stands on beside the store. */
export interface StsPorts extends CodeAuthority {
  readonly directory: Directory;
  readonly sessionTokens: SessionTokens;
}

export interface Operation {
  readonly row: AuthorisationRow;
  readonly handler: Handler;
}

import type { Authority } from '../../enforcement/authority.ts';
import type { ReplayMemory } from '../../enforcement/ports.ts';
import type { AuthorisationRow, Handler } from '../operation.ts';

/** What STS stands on beside the store. */
export interface StsPorts extends Authority {
  readonly replay: ReplayMemory;
}

export interface Operation {
  readonly row: AuthorisationRow;
  readonly handler: Handler;
}

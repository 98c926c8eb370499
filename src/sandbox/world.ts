import type { Authority } from '../enforcement/authority.ts';
import type { MovableClocks } from './clocks.ts';
import type { Faults } from './faults.ts';
import type { Randomness } from './operation.ts';
import type { Store } from './store.ts';

/** What every service of a sandbox stands on. */
export interface World {
  readonly authority: Authority;
  readonly store: Store;
  readonly clocks: MovableClocks;
  readonly random: Randomness;
  readonly faults: Faults;
  /** Told of errors that aren't refusals (a full disk, a defect); the client only learns that the service failed. */
  readonly onFailure: (error: unknown) => void;
}

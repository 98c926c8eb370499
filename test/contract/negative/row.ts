import type { RawAnswer } from '../harness/raw-request.ts';
import type { World } from './world.ts';

/** A request that must be refused. */
export interface NegativeRow extends Outcome {
  readonly what: string;
  /** Makes all that the request needs; the attempt itself is what it answers, and must change nothing. */
  readonly prepare: (world: World) => Attempt | Promise<Attempt>;
}

export interface Outcome {
  /** AWS's code; null where the local HTTP contract answers, which is no AWS. */
  readonly code: string | null;
  readonly status: number;
  /** A part of the message, where it tells this refusal from its siblings. */
  readonly message?: string | RegExp;
}

export type Attempt = () => Promise<RawAnswer>;

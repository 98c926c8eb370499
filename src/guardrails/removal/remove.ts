/** A removal carried out, phase by phase. What stops it leaves what a second run takes up. */
import type { Patience } from '../../aws/patience.ts';
import type { IamCall } from '../apply/iam-call.ts';
import { seeThrough } from '../apply/persistence.ts';
import { runChains } from '../apply/pool.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { type EntityRemoval, REMOVAL_PHASES, type RemovalStep } from './plan-removal.ts';

export interface RemovalPorts extends Patience {
  /** Sends one call once. */
  readonly send: (account: DesiredAccount, call: IamCall) => Promise<unknown>;
  /** Told once nothing of an entity is the setup's any more. */
  readonly onReleased: (step: RemovalStep) => void;
  readonly onProgress: (done: number, total: number, step: RemovalStep) => void;
}

/** Calls at once: IAM throttles writes at a few a second and account. */
const WIDTH = 6;

/** Throws what stops it: AWS's refusals, no network, Ctrl-C. */
export async function carryOutRemoval(removals: readonly EntityRemoval[], ports: RemovalPorts): Promise<void> {
  const total = removals.reduce((sum, { steps }) => sum + steps.length, 0);
  let done = 0;
  for (const phase of REMOVAL_PHASES) {
    const chains = removals.map(({ steps }) => steps.filter((step) => step.phase === phase));
    await runChains(chains, WIDTH, async (step) => {
      await seeThrough(step.call.action, () => ports.send(step.account, step.call), ports);
      if (step.releases) ports.onReleased(step);
      done += 1;
      ports.onProgress(done, total, step);
    });
  }
}

/**
 * A plan carried out, phase by phase (`steps.ts` says why in that order). Whatever stops it, a new plan and a new apply
 * end in the same state.
 *
 * Before the first step that takes something away or closes something, every account is read and planned once more:
 * such a step is done only if it is still due, so that two operators at once don't undo each other's work unseen.
 */
import type { Patience } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import type { AccountBlueprint, Blueprint } from '../blueprint/blueprint.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { type Plan, type PlannedAccount, planSetup } from '../plan/plan.ts';
import type { IamCall } from './iam-call.ts';
import { type CallOutcome, seeThrough } from './persistence.ts';
import { runChains } from './pool.ts';
import { type CallStep, callKey, type KeyStep, PHASES, type Step, stepsOf } from './steps.ts';

export interface ApplyPorts extends Patience {
  /** By AWS's clock: it ends the windows that are opened. */
  readonly now: () => number;
  /** Sends one call once. Throws `aws-refused`, `endpoint-unreachable` and what else a connection throws. */
  readonly send: (account: DesiredAccount, call: IamCall) => Promise<unknown>;
  /** Reads an account as a plan needs it. */
  readonly observe: (account: AccountBlueprint) => Promise<PlannedAccount>;
  /** The setup that the tags of a user or role name, if it is there to be seen. */
  readonly setupOf: (account: DesiredAccount, target: string) => Promise<string | undefined>;
  /** Keeps what was there, before it goes. */
  readonly journal: (entry: JournalEntry) => void;
  /** Makes a key and hands it over; answers where it is. */
  readonly handOverKey: (step: KeyStep) => Promise<string>;
  readonly onProgress: (progress: Progress) => void;
}

export interface JournalEntry {
  readonly setup: string;
  readonly accountId: string;
  readonly arn: string;
  readonly part: string;
  readonly value: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly step: Step;
}

/** `outdated`: it was due when the plan was made and no longer is. */
export type StepOutcome = Exclude<CallOutcome, 'already-there'> | 'outdated';

export interface DoneStep {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** Where a key was put. */
  readonly where?: string;
}

export interface ApplyReport {
  readonly done: readonly DoneStep[];
  /** Not done: because something stopped it. Empty if all is done. */
  readonly left: readonly Step[];
  readonly failure?: unknown;
}

/** Calls at once, over all accounts: IAM throttles writes at a few a second and account. */
const WIDTH = 6;

/** Carries it out. Throws StepupError `setup-refused` for a plan with refusals, before anything is done; else reports. */
export async function applyPlan(blueprint: Blueprint, plan: Plan, ports: ApplyPorts): Promise<ApplyReport> {
  if (plan.refusals.length > 0) throw new StepupError('setup-refused', { refusals: plan.refusals });
  const startMs = ports.now();
  const steps = stepsOf(plan, startMs);
  const done: DoneStep[] = [];
  const finished = new Set<Step>();
  const finish = (step: Step, outcome: Omit<DoneStep, 'step'>): void => {
    finished.add(step);
    done.push({ step, ...outcome });
    ports.onProgress({ done: done.length, total: steps.length, step });
  };
  let stillDue: ReadonlyMap<string, CallStep> | undefined;
  const carryOut = async (step: Step): Promise<void> => {
    if (step.type === 'access-key') {
      finish(step, { outcome: 'done', where: await ports.handOverKey(step) });
      return;
    }
    const due = step.destructive ? stillDue?.get(callKey(step)) : step;
    finish(step, { outcome: due === undefined ? 'outdated' : await carryOutCall(plan.setup, due, ports) });
  };
  try {
    for (const phase of PHASES) {
      const ofPhase = steps.filter((step) => step.phase === phase);
      if (stillDue === undefined && ofPhase.some(isDestructive)) stillDue = await dueNow(blueprint, ports, startMs);
      await runChains(chainsOf(ofPhase), WIDTH, carryOut);
    }
  } catch (failure) {
    return { done, left: steps.filter((step) => !finished.has(step)), failure };
  }
  return { done, left: [] };
}

function isDestructive(step: Step): boolean {
  return step.type === 'call' && step.destructive;
}

/** Reads and plans anew; answers the destructive steps of that plan, by their keys. */
async function dueNow(
  blueprint: Blueprint,
  ports: ApplyPorts,
  startMs: number,
): Promise<ReadonlyMap<string, CallStep>> {
  const accounts = await observeAll(blueprint, ports.observe);
  const plan = planSetup(blueprint, accounts, ports.now());
  if (plan.refusals.length > 0) throw new StepupError('setup-refused', { refusals: plan.refusals });
  const steps = stepsOf(plan, startMs).filter((step): step is CallStep => step.type === 'call' && step.destructive);
  return new Map(steps.map((step) => [callKey(step), step]));
}

/** Each account of a blueprint, read a few at a time. */
export async function observeAll(
  { accounts }: Blueprint,
  observe: (account: AccountBlueprint) => Promise<PlannedAccount>,
): Promise<ReadonlyMap<string, PlannedAccount>> {
  const observed = new Map<string, PlannedAccount>();
  await runChains(
    accounts.map((account) => [account]),
    WIDTH,
    async (account) => {
      observed.set(account.account.accountId, await observe(account));
    },
  );
  return observed;
}

/** What is done to one entity is done in order. */
function chainsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const chains = new Map<string, Step[]>();
  for (const step of steps) {
    const chain = chains.get(step.target) ?? [];
    chains.set(step.target, chain);
    chain.push(step);
  }
  return [...chains.values()];
}

async function carryOutCall(setup: string, step: CallStep, ports: ApplyPorts): Promise<StepOutcome> {
  const { account, call, target, former } = step;
  if (former !== undefined) {
    ports.journal({ setup, accountId: account.accountId, arn: target, part: former.part, value: former.value });
  }
  const outcome = await seeThrough(call.action, () => ports.send(account, call), ports);
  if (outcome !== 'already-there') return outcome;
  return takeOver(setup, step, ports);
}

/**
 * Somebody made it since the plan: we ourselves, in a call whose answer was lost, or another operator with the same
 * setup. Then it is brought to what the call would have made, the gate first of all. Anybody else's is left alone.
 */
async function takeOver(setup: string, { account, call, target }: CallStep, ports: ApplyPorts): Promise<StepOutcome> {
  const owner = await ports.setupOf(account, target);
  if (owner !== setup) throw new StepupError('setup-overtaken', { arn: target });
  for (const repair of repairsOf(call)) {
    await seeThrough(repair.action, () => ports.send(account, repair), ports);
  }
  return 'already-done';
}

function repairsOf(call: IamCall): readonly IamCall[] {
  if (call.action !== 'CreateRole') return [];
  const { RoleName, AssumeRolePolicyDocument, MaxSessionDuration, Description, PermissionsBoundary } = call.input;
  return [
    { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: AssumeRolePolicyDocument } },
    ...(PermissionsBoundary === undefined
      ? []
      : [{ action: 'PutRolePermissionsBoundary', input: { RoleName, PermissionsBoundary } } as const]),
    { action: 'UpdateRole', input: { RoleName, MaxSessionDuration, Description } },
  ];
}

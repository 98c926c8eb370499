/** `stepup setup`: the guardrails planned, shown, asked about and applied. */
import { pauseUnless } from '../../aws/patience.ts';
import { isStepupError, StepupError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { readText } from '../../files/read.ts';
import { accountAccess } from '../../guardrails/account-access.ts';
import { type ApplyPorts, type ApplyReport, applyPlan, observeAll } from '../../guardrails/apply/apply.ts';
import { appendJournal, journalPath, readJournal } from '../../guardrails/apply/journal.ts';
import { type Blueprint, compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import type { DesiredState } from '../../guardrails/desired-state/desired-state.ts';
import { pricesOf } from '../../guardrails/desired-state/prices.ts';
import { isEmpty, type Plan, planSetup } from '../../guardrails/plan/plan.ts';
import { endOfReset, withBegunWindows } from '../../guardrails/reset-device.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { demandYes } from '../demand-yes.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printJson, say } from '../print.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import { type AdminOptions, adminArguments, setupConnections } from './connections.ts';
import { planJson, reportJson } from './json.ts';
import { planText } from './plan-text.ts';
import { progressLine } from './progress.ts';
import { findSetup, noSuchUser, type OneUserOptions, type SetupSource } from './state.ts';
import { Traffic } from './traffic.ts';

export interface SetupOptions extends AdminOptions, OneUserOptions {
  readonly file?: string;
  /** The user that runs this. */
  readonly me?: string;
  readonly base?: string;
  readonly store?: string;
  readonly yes?: boolean;
  readonly planOnly?: boolean;
  readonly json?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function setupCommand(io: Io, options: SetupOptions): Promise<number> {
  const source = await findSetup(io, options);
  return applySetup(io, source, options, ['stepup', 'setup', ...adminArguments(options)]);
}

/** Plans, shows, asks and applies; the file is written once the answer is yes. `command` is what was run. */
export async function applySetup(
  io: Io,
  { file, state, oldText, newText }: SetupSource,
  options: Omit<SetupOptions, 'file'>,
  command: readonly string[],
): Promise<number> {
  const entries = readJournal(journalPath(file));
  const blueprint = withBegunWindows(compileBlueprint(state), entries);
  requireMe(options, state);
  const traffic = new Traffic(io.now);
  const ports = setupPorts(io, options, { name: state.setup, file }, traffic);
  const plan = planSetup(blueprint, await observeAll(blueprint, ports.observe), ports.now());
  const prices = pricesOf(state);
  if (options.json !== true) io.stdout.write(planText(plan, prices, styleFor(io.stdout, io.env)));
  const refused = plan.refusals.length > 0;
  if (options.planOnly === true || refused || isEmpty(plan)) {
    if (options.json === true) printJson(io, { plan: planJson(plan, prices) });
    if (refused) throw new StepupError('setup-refused', { refusals: plan.refusals });
    if (isEmpty(plan)) say(io, `All is as it should be: there is nothing to do${nothingBut(plan)}.`);
    say(io, `${traffic.text} to AWS.`);
    if (options.planOnly !== true) await settle(io, blueprint, plan, options);
    return ExitCode.done;
  }
  if (options.yes !== true) {
    await demandYes(io, {
      question: 'Apply this plan?',
      during: 'the question whether to apply the plan',
      command: [...command, '--yes'],
      matter: (style) => planText(plan, prices, style),
      isSeen: options.json !== true && io.stdout.isTTY === true,
    });
  }
  if (newText !== undefined) {
    if (readText(file) !== oldText) throw changedMeanwhile(file, 'nothing was done');
    writeFileAtomic(file, newText);
    say(io, `${escapeText(file)} says it from now on: keep it, and what will lie beside it.`);
  }
  const report = await applyPlan(blueprint, plan, {
    ...ports,
    onProgress: (progress) => {
      const ended = endOfReset(blueprint, entries, progress.step);
      if (ended !== undefined) ports.journal(ended);
      ports.onProgress(progress);
    },
  });
  if (options.json === true)
    printJson(io, { plan: planJson(plan, prices), report: reportJson(report, traffic.requests) });
  const outcome = conclude(io, plan, report, traffic);
  if (outcome === ExitCode.done) await settle(io, blueprint, plan, options);
  return outcome;
}

function requireMe({ me }: Pick<SetupOptions, 'me'>, { users }: DesiredState): void {
  if (me === undefined || users.some(({ name }) => name === me)) return;
  throw noSuchUser(`--me ${me}`, users);
}

/** With `--me`, what the person needs here. */
async function settle(io: Io, blueprint: Blueprint, plan: Plan, options: Omit<SetupOptions, 'file'>): Promise<void> {
  const { me, base = blueprint.setup, store, longTerm } = options;
  if (me === undefined) return;
  const found = plan.accounts.flatMap(({ account, users }) => users.map((user) => ({ account, user })));
  const mine = found.find(({ user }) => user.name === me);
  const adminProfile = mine?.account.profile ?? options.profile;
  if (mine === undefined || adminProfile === undefined) return;
  const { settleIn } = await import('./me.ts');
  const connectionsOf = setupConnections(io, options);
  const { blueprint: user, partsAfter: parts } = mine.user;
  const iam = async () => (await connectionsOf(mine.account)).iam;
  await settleIn(io, blueprint, { user, parts, base, store, adminProfile, longTerm, iam });
}

/** What an apply needs of the world. */
function setupPorts(
  io: Io,
  options: AdminOptions,
  setup: { readonly name: string; readonly file: string },
  traffic: Traffic,
): ApplyPorts {
  const patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the setup') };
  const connectionsOf = setupConnections(io, options, traffic);
  const journal = journalPath(setup.file);
  return {
    ...patience,
    ...accountAccess(connectionsOf, patience),
    now: traffic.now,
    journal: (entry) => appendJournal(journal, entry, io.now()),
    handOverKey: async (step) => {
      const { handOver } = await import('./hand-over.ts');
      return handOver(setup, step, async () => (await connectionsOf(step.account)).iam, patience);
    },
    onProgress: ({ step, ...count }) =>
      say(
        io,
        progressLine(count, step.account, step.type === 'call' ? step.call.action : 'CreateAccessKey', step.target),
      ),
  };
}

/** Says what came of it; what stopped it is thrown as what it is. */
function conclude(io: Io, plan: Plan, { done, left, failure }: ApplyReport, traffic: Traffic): ExitCode {
  const style = styleFor(io.stderr, io.env);
  for (const { step, where } of done) {
    if (step.type === 'access-key' && where !== undefined) say(io, keyText(step.user.name, where));
  }
  if (failure !== undefined) {
    say(
      io,
      `${done.length} done, ${left.length} left. Every role is as it was or gated; the same command goes on from here.`,
    );
    // Its own words would say that nothing was changed.
    if (isStepupError(failure, 'interrupted')) return ExitCode.interrupted;
    throw isStepupError(failure)
      ? failure
      : new StepupError('internal', { problem: String(failure) }, { cause: failure });
  }
  const outdated = done.filter(({ outcome }) => outcome === 'outdated').length;
  if (outdated > 0)
    say(io, `${outdated} no longer due: somebody else was at it. stepup setup --plan-only shows what differs.`);
  say(
    io,
    `${style.green('✓')} Done, in ${done.length} ${done.length === 1 ? 'step' : 'steps'} of setup ${escapeText(plan.setup)}: ${traffic.text} to AWS, those for reading included.`,
  );
  return ExitCode.done;
}

/** What a plan shows and doesn't change. */
function nothingBut({ accounts }: Plan): string {
  const isTold = accounts.some(
    ({ users, roles, leftovers }) =>
      leftovers.length > 0 || [...users, ...roles].some(({ extras }) => extras.length > 0),
  );
  return isTold ? ', but for what is marked with !' : '';
}

function keyText(user: string, path: string): string {
  const shown = escapeText(path);
  return [
    `${escapeText(user)}'s access key is in ${shown}, and only ${escapeText(user)} opens it. To send with it:`,
    `    age --decrypt -i IDENTITY ${shown} | stepup keys add PROFILE --csv -`,
    '    stepup mfa enrol PROFILE',
  ].join('\n');
}

/** `stepup setup remove`: what the setup made goes, what it replaced comes back; shown and asked about first. */
import { IAMClient } from '@aws-sdk/client-iam';
import { call } from '../../aws/connection.ts';
import { pauseUnless } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { accountAccess } from '../../guardrails/account-access.ts';
import { givingsOf, isSourceThere } from '../../guardrails/adopt/move-rights.ts';
import { observeAll } from '../../guardrails/apply/apply.ts';
import { appendJournal, type DatedEntry, journalPath, readJournal } from '../../guardrails/apply/journal.ts';
import { type AccountBlueprint, type Blueprint, compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { partsOfTags } from '../../guardrails/blueprint/parts.ts';
import { lostWaysIn } from '../../guardrails/lock-out/last-way-in.ts';
import type { PlannedAccount } from '../../guardrails/plan/plan.ts';
import { type Belongings, readBelongings } from '../../guardrails/removal/belongings.ts';
import { formerParts, RELEASED } from '../../guardrails/removal/former-parts.ts';
import { type EntityRemoval, ownWaysIn, planRemoval, REMOVAL_PHASES } from '../../guardrails/removal/plan-removal.ts';
import { carryOutRemoval } from '../../guardrails/removal/remove.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import { demandYes } from '../demand-yes.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printJson, say } from '../print.ts';
import { type AdminOptions, adminArguments, setupConnections } from './connections.ts';
import { progressLine } from './progress.ts';
import { type RemovalFacts, removalJson, removalText } from './remove-text.ts';
import { readSetup } from './state.ts';

export interface SetupRemoveOptions extends AdminOptions {
  readonly file?: string;
  readonly leftovers?: boolean;
  readonly restoreOpenTrusts?: boolean;
  readonly planOnly?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function setupRemoveCommand(io: Io, options: SetupRemoveOptions): Promise<number> {
  const { file, state } = readSetup(io, options.file);
  const blueprint = compileBlueprint(state);
  const patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the removal') };
  const connectionsOf = setupConnections(io, options);
  const access = accountAccess(connectionsOf, patience);
  const observed = await observeAll(blueprint, access.observe);
  const belongingsOf = async ({ account }: AccountBlueprint, names: readonly string[]) => {
    const { iam } = await connectionsOf(account);
    const found = new Map<string, Belongings>();
    for (const name of names) {
      const belongings = call('ListMFADevices', iam, (config) => readBelongings(new IAMClient(config), name));
      found.set(name, await belongings);
    }
    return found;
  };
  const entries = readJournal(journalPath(file));
  const plan = await planAll(blueprint, observed, options, belongingsOf, (arn) =>
    formerParts(entries, state.setup, arn),
  );
  const facts: RemovalFacts = {
    plan,
    restoresOpenTrusts: options.restoreOpenTrusts === true,
    movedRights: plan.length === 0 ? [] : movedRights(observed, plan, entries, state.setup, adminArguments(options)),
  };
  const text = (style: Style): string => removalText(facts, style);
  const asJson = options.json === true;
  if (!asJson) io.stdout.write(text(styleFor(io.stdout, io.env)));
  if (options.planOnly === true || plan.length === 0) {
    if (asJson) printJson(io, { plan: removalJson(facts) });
    return ExitCode.done;
  }
  if (options.yes !== true) {
    await demandYes(io, {
      question: 'Remove all this?',
      during: 'the question whether to remove it',
      command: ['stepup', 'setup', 'remove', ...givenOptions(options), '--yes'],
      matter: text,
      isSeen: !asJson && io.stdout.isTTY === true,
    });
  }
  const report: object[] = [];
  await carryOutRemoval(plan, {
    ...patience,
    send: access.send,
    onReleased: ({ account, target }) => {
      const released = { setup: state.setup, accountId: account.accountId, arn: target, part: RELEASED, value: '' };
      appendJournal(journalPath(file), released, io.now());
    },
    onProgress: (done, total, { account, call: { action }, target }) => {
      report.push({ account: account.label, target, action });
      say(io, progressLine({ done, total }, account, action, target));
    },
  });
  if (asJson) printJson(io, { plan: removalJson(facts), report: { done: report } });
  say(io, `${styleFor(io.stderr, io.env).green('✓')} Removed. Profiles on people's machines stay: they open nothing.`);
  return ExitCode.done;
}

/** Users who stay, and whose rights a move into a role took: with the role gone, only the journal has them. */
function movedRights(
  observed: ReadonlyMap<string, PlannedAccount>,
  plan: readonly EntityRemoval[],
  entries: readonly DatedEntry[],
  setup: string,
  admin: readonly string[],
): RemovalFacts['movedRights'] {
  const giveBack = (name: string): string => ['stepup', 'setup', 'adopt', name, '--undo', ...admin].join(' ');
  const going = new Set(plan.filter(({ whole }) => whole).map(({ arn }) => arn));
  return [...observed.values()].flatMap(({ observed: { account } }) =>
    account.users.flatMap((user) => {
      const { arn, name } = user;
      const givings = going.has(arn) ? [] : givingsOf(entries, setup, user);
      const lost = givings.filter((giving) => !isSourceThere(giving, account));
      const count = givings.length - lost.length;
      // Of a group the role has copies; a policy that is gone was taken from the role as well, before AWS deleted it.
      const goneGroups = lost.flatMap(({ call: { action, input } }) =>
        action === 'AddUserToGroup' ? [input.GroupName ?? ''] : [],
      );
      return count + goneGroups.length === 0 ? [] : [{ arn, name, count, goneGroups, giveBack: giveBack(name) }];
    }),
  );
}

/** Throws `usage` and `setup-refused` where the operator would saw off the branch that it sits on. */
async function planAll(
  blueprint: Blueprint,
  observed: ReadonlyMap<string, PlannedAccount>,
  options: SetupRemoveOptions,
  belongingsOf: (account: AccountBlueprint, names: readonly string[]) => Promise<ReadonlyMap<string, Belongings>>,
  former: (arn: string) => ReadonlyMap<string, string>,
): Promise<readonly EntityRemoval[]> {
  const plan: EntityRemoval[] = [];
  for (const account of blueprint.accounts) {
    const planned = observed.get(account.account.accountId);
    if (planned === undefined) throw new StepupError('internal', { problem: 'an account that was not read' });
    const found = planned.observed.account;
    const stated = new Set([...account.users.map(({ userArn }) => userArn), ...account.roles.map(({ arn }) => arn)]);
    const made = found.users.filter(({ tags }) => {
      const own = partsOfTags(tags);
      return own?.setup === blueprint.setup && own.parts.has('made');
    });
    const removals = planRemoval({
      ...{ setup: blueprint.setup, account: account.account, found, former },
      belongings: await belongingsOf(
        account,
        made.map(({ name }) => name),
      ),
      restoreOpenTrusts: options.restoreOpenTrusts === true,
      isToGo: (arn) => options.leftovers !== true || !stated.has(arn),
    });
    const [own] = planned.operator === undefined ? [] : ownWaysIn(removals, planned.operator);
    if (own !== undefined) {
      throw new StepupError('usage', {
        problem: `you work with ${own.arn}, which would go`,
        hint: 'Run it with the profile of another administrator: --profile NAME, or accounts.NAME.profile in the file.',
      });
    }
    plan.push(...removals);
  }
  const [lost] = lostWaysIn(
    [...observed.values()].map(({ observed: { account }, operator }) => ({ account, operator })),
    () => REMOVAL_PHASES.flatMap((phase) => plan.flatMap(({ steps }) => steps.filter((step) => step.phase === phase))),
  );
  if (lost !== undefined) throw new StepupError('setup-refused', { refusals: [{ type: 'last-way-in', ...lost }] });
  return plan;
}

function givenOptions(options: SetupRemoveOptions): readonly string[] {
  return [
    ...adminArguments(options),
    ...(options.leftovers === true ? ['--leftovers'] : []),
    ...(options.restoreOpenTrusts === true ? ['--restore-open-trusts'] : []),
  ];
}

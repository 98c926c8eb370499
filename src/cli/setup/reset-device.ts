/** `stepup setup reset-device USER`: a lost phone. Sessions end, the device goes, another may be enrolled. */
import { isDeepStrictEqual } from 'node:util';
import type { User } from '../../account/account.ts';
import { listMfaDevices } from '../../aws/iam-devices.ts';
import { type Patience, pauseUnless } from '../../aws/patience.ts';
import { isStepupError, StepupError } from '../../errors.ts';
import { accountAccess } from '../../guardrails/account-access.ts';
import { appendJournal, journalPath, readJournal } from '../../guardrails/apply/journal.ts';
import { type AccountBlueprint, compileBlueprint, type UserBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { partsOfTags } from '../../guardrails/blueprint/parts.ts';
import { lostWaysIn } from '../../guardrails/lock-out/last-way-in.ts';
import { foreignEntity } from '../../guardrails/plan/compare.ts';
import { areSessionsEnded, openBootstrapEnd, windowSeconds } from '../../guardrails/plan/passing-policies.ts';
import type { PlannedAccount } from '../../guardrails/plan/plan.ts';
import {
  begunReset,
  makesCodes,
  planReset,
  type ResetOutcome,
  type ResetSource,
  resetDevice,
  withBegunWindows,
} from '../../guardrails/reset-device.ts';
import { escapeText } from '../../terminal/escape.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import { formatLocalTime } from '../../terminal/time.ts';
import { demandYes } from '../demand-yes.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printJson, say } from '../print.ts';
import { readSpan } from '../span.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import { chooseLost } from './choose-lost-device.ts';
import { type AdminOptions, adminArguments, setupConnections } from './connections.ts';
import { doneText, type ResetFacts, resetJson, resetText } from './reset-text.ts';
import { noSuchUser, readSetup } from './state.ts';
import { Traffic } from './traffic.ts';

export interface ResetDeviceOptions extends AdminOptions {
  readonly file?: string;
  /** Serial numbers. */
  readonly device?: readonly string[];
  readonly bootstrap?: string;
  readonly planOnly?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function setupResetDeviceCommand(io: Io, name: string, options: ResetDeviceOptions): Promise<number> {
  const { file, state } = readSetup(io, options.file);
  const { setup } = state;
  const journal = readJournal(journalPath(file));
  const blueprint = withBegunWindows(compileBlueprint(state), journal);
  const place = blueprint.accounts.find(({ account }) => account === state.identity);
  const user = place?.users.find((one) => one.name === name);
  if (place === undefined || user === undefined) throw noSuchUser(name, state.users);
  const stated = statedWindow(options, user);

  const patience: Patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the reset') };
  const traffic = new Traffic(io.now);
  const connectionsOf = setupConnections(io, options, traffic);
  const access = accountAccess(connectionsOf, patience);
  const connections = await connectionsOf(place.account);
  const read = async (): Promise<Pick<ResetSource, 'there' | 'held'>> => {
    const there = demandManaged(await access.observe(place), place, user, setup);
    return { there, held: (await listMfaDevices(connections.iam, name)).map(({ serialNumber }) => serialNumber) };
  };
  const { there, held } = await read();
  const begun = begunReset(journal, setup, there, held);
  const bootstrapSeconds = stated ?? windowSeconds(user, there);
  const openUntilMs = openBootstrapEnd(user, there, traffic.now());
  const isShorter = stated !== undefined && traffic.now() + bootstrapSeconds * 1000 < (openUntilMs ?? 0);
  const isOver = begun.length === 0 && areSessionsEnded(there) && !held.some(makesCodes);
  if (openUntilMs !== undefined && isOver && !isShorter) {
    const until = formatLocalTime(openUntilMs, traffic.now());
    if (options.json === true) {
      const report = { calls: traffic.requests, done: [], bootstrapUntil: new Date(openUntilMs).toISOString() };
      printJson(io, { report });
    }
    say(io, `${escapeText(name)} has no device to reset, and may enrol one until ${until}: stepup mfa enrol.`);
    return ExitCode.done;
  }

  const command = ['stepup', 'setup', 'reset-device', name, ...adminArguments(options)];
  const lost = await chooseLost(io, { name, held, begun, named: options.device ?? [], command });
  const reset = planReset({ setup, account: place.account, user, there, held, lost, begun, bootstrapSeconds });
  const facts: ResetFacts = { reset, nowMs: traffic.now(), left: held.filter((serial) => !lost.includes(serial)) };
  const text = (style: Style): string => resetText(facts, style);
  if (options.json !== true) io.stdout.write(text(styleFor(io.stdout, io.env)));
  if (options.planOnly === true) {
    if (options.json === true) printJson(io, { plan: resetJson(facts) });
    return ExitCode.done;
  }
  if (options.yes !== true) {
    await demandYes(io, {
      question: `Reset this for ${escapeText(name)}?`,
      during: 'the question whether to reset the device',
      command: [...command, ...lost.flatMap((serial) => ['--device', serial]), ...given(options), '--yes'],
      matter: text,
      isSeen: options.json !== true && io.stdout.isTTY === true,
    });
    // Somebody else may have been here, and the person enrolled again.
    if (!isDeepStrictEqual(await read(), { there, held })) {
      throw changedMeanwhile(`the devices, policies or tags of ${name}`, 'nothing was done');
    }
  }
  const done: string[] = [];
  let outcome: ResetOutcome;
  try {
    outcome = await resetDevice(reset, {
      ...patience,
      now: traffic.now,
      send: access.send,
      journal: (entry) => appendJournal(journalPath(file), entry, io.now()),
      onProgress: ({ action }) => {
        done.push(action);
        say(io, `  ${action}`);
      },
    });
  } catch (error) {
    if (done.length > 0) say(io, `${done.length} done; the same command goes on from here.`);
    // Its own words would say that nothing was changed.
    if (isStepupError(error, 'interrupted')) return ExitCode.interrupted;
    throw error;
  }
  const { endedBeforeMs, bootstrapUntilMs } = outcome;
  if (options.json === true) {
    const report = {
      calls: traffic.requests,
      done,
      sessionsEndedBefore: new Date(endedBeforeMs).toISOString(),
      ...(bootstrapUntilMs !== undefined && { bootstrapUntil: new Date(bootstrapUntilMs).toISOString() }),
    };
    printJson(io, { plan: resetJson({ ...facts, nowMs: traffic.now() }), report });
  }
  say(io, doneText({ ...facts, nowMs: traffic.now() }, outcome, styleFor(io.stderr, io.env)));
  say(io, `${traffic.text} to AWS, those for reading included.`);
  return ExitCode.done;
}

/** The window is the file's, or shorter: what is longer would look to the next plan like one that somebody altered. */
function statedWindow(
  { bootstrap }: ResetDeviceOptions,
  { name, bootstrapSeconds }: UserBlueprint,
): number | undefined {
  if (bootstrap === undefined) return undefined;
  const seconds = readSpan('--bootstrap', bootstrap);
  if (seconds > 0 && seconds <= bootstrapSeconds) return seconds;
  throw new StepupError('usage', {
    problem: `--bootstrap ${bootstrap} is ${seconds === 0 ? 'no time' : `longer than the file has it for ${name}`}`,
    hint: `Say less, or change users.${name}.bootstrap in the file.`,
  });
}

/** Throws where the user isn't there, isn't this setup's, or is the one who asks, or the only one who gets into the role of who asks. */
function demandManaged(
  { observed, operator }: PlannedAccount,
  { account }: AccountBlueprint,
  { name, userArn }: UserBlueprint,
  setup: string,
): User {
  const there = observed.account.users.find((user) => user.name.toLowerCase() === name.toLowerCase());
  if (there === undefined) {
    throw new StepupError('usage', {
      problem: `there is no user ${name} in account ${account.label} yet`,
      hint: 'stepup setup makes what the file says.',
    });
  }
  const { arn } = there;
  if (partsOfTags(there.tags) === undefined) {
    throw new StepupError('usage', {
      problem: `${arn} is in the file, but no setup has touched it yet`,
      hint: 'Run stepup setup first: it gives the user its way in, and without a device its first window.',
    });
  }
  const foreign = foreignEntity(there, { setup, arn: userArn });
  if (foreign !== undefined) throw new StepupError('setup-refused', { refusals: [foreign] });
  if (operator?.arn === arn) {
    throw new StepupError('setup-refused', { refusals: [{ type: 'own-user', arn, operator: operator.arn }] });
  }
  // Until another device is enrolled the user gets in nowhere: as if it weren't there.
  const without = { action: 'DeleteUser', input: { UserName: there.name } } as const;
  const [lost] = lostWaysIn([{ account: observed.account, operator }], () => [
    { target: arn, call: without, account: observed.account },
  ]);
  if (lost !== undefined) throw new StepupError('setup-refused', { refusals: [{ type: 'last-way-in', ...lost }] });
  return there;
}

function given({ bootstrap }: ResetDeviceOptions): readonly string[] {
  return bootstrap === undefined ? [] : ['--bootstrap', bootstrap];
}

/**
 * `stepup setup adopt USER --into ROLE`: the user's rights move into a gated role. The role stands in the file and is
 * applied like any other; entry is proved over what is read back; only then is the user stripped. `--undo` gives back.
 */
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Account, User } from '../../account/account.ts';
import { type Patience, pauseUnless } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { type AccountConnections, accountAccess, readWholeAccount } from '../../guardrails/account-access.ts';
import { emptySetupFile } from '../../guardrails/adopt/account.ts';
import { type FileRole, fileUser, permissionsEntry } from '../../guardrails/adopt/entries.ts';
import {
  type FailedGiving,
  giveBack,
  givingsOf,
  heldRights,
  isGone,
  MOVED_BACK,
  takingsOf,
} from '../../guardrails/adopt/move-rights.ts';
import { demandProvedEntry, stripUser } from '../../guardrails/adopt/strip-user.ts';
import type { IamCall } from '../../guardrails/apply/iam-call.ts';
import { appendJournal, journalPath, readJournal } from '../../guardrails/apply/journal.ts';
import { compileBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import type { DesiredState } from '../../guardrails/desired-state/desired-state.ts';
import { addToSetupFile, printSetupFile } from '../../guardrails/desired-state/print-setup-file.ts';
import { readDesiredState } from '../../guardrails/desired-state/read.ts';
import { escapeText } from '../../terminal/escape.ts';
import { demandYes } from '../demand-yes.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { say } from '../print.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import { type AdminOptions, adminArguments, setupConnections } from './connections.ts';
import { deadInRole, demandAble, demandFree, demandLivePolicies, demandTen, demandWayBack } from './movable-user.ts';
import { applySetup } from './setup.ts';
import { DEFAULT_FILE, readSetup, type SetupSource } from './state.ts';
import { tryEntry } from './try-entry.ts';

export interface AdoptUserOptions extends AdminOptions {
  readonly into?: string;
  readonly maxAge?: string;
  readonly file?: string;
  readonly undo?: boolean;
  /** The profile with the user's own key, to try the way in before anything is taken. */
  readonly as?: string;
  readonly code?: string;
  readonly yes?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function setupAdoptUserCommand(io: Io, name: string, options: AdoptUserOptions): Promise<number> {
  const file = resolve(io.cwd, options.file ?? DEFAULT_FILE);
  const patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the move') };
  if (options.undo === true) return undo(io, name, options, patience);
  const { into } = options;
  if (into === undefined) throw new StepupError('usage', { problem: '--into ROLE says where the rights go' });

  const display = options.file ?? DEFAULT_FILE;
  const oldText = readText(file);
  const before = oldText === undefined ? undefined : readDesiredState(oldText, display);
  const connections = await connect(io, options, before);
  const { account } = await readWholeAccount(connections, patience);
  const user = findUser(account, name);
  await demandAble(connections, user);
  demandLivePolicies(user, account);
  let source: SetupSource;
  if (before?.roles.some((role) => role.name === into) === true) source = { file, state: before };
  else {
    demandFree(account, into);
    const text = oldText ?? printSetupFile(emptySetupFile(account, options.profile));
    const rights = heldRights(user, account);
    const role: FileRole = {
      enter: [name],
      ...permissionsEntry(rights.managedArns, rights.inline, rights.boundaryArn),
      ...(options.maxAge !== undefined && { max_age: options.maxAge }),
    };
    const newText = addToSetupFile(text, { name, entry: fileUser(user) }, { name: into, entry: role });
    demandTen(rights.managedArns);
    source = { file, state: readDesiredState(newText, display), newText, ...(oldText !== undefined && { oldText }) };
  }
  const command = commandOf(name, into, options);
  const { yes, profile, longTerm } = options;
  const applied = await applySetup(io, source, { ...(yes === true && { yes }), profile, longTerm }, command);
  return applied === ExitCode.done ? strip(io, name, into, source, options, patience) : applied;
}

/** What was run, without `--yes`. */
function commandOf(name: string, into: string, options: AdoptUserOptions): readonly string[] {
  const { maxAge, as } = options;
  return [
    ...['stepup', 'setup', 'adopt', name, '--into', into],
    ...(maxAge === undefined ? [] : ['--max-age', maxAge]),
    ...adminArguments(options),
    ...(as === undefined ? [] : ['--as', as]),
  ];
}

async function strip(
  io: Io,
  name: string,
  into: string,
  { file, state }: SetupSource,
  options: AdoptUserOptions,
  patience: Patience,
): Promise<number> {
  const place = compileBlueprint(state).accounts.find(({ account }) => account === state.identity);
  const role = place?.roles.find((one) => one.name === into);
  if (place === undefined || role === undefined) {
    throw new StepupError('usage', { problem: `role ${into} is not one of account ${state.identity.label}` });
  }
  const connections = await connect(io, options, state);
  const read = async () => {
    const { account } = await readWholeAccount(connections, patience);
    const user = findUser(account, name);
    demandProvedEntry(role, user.arn, account);
    const takings = takingsOf(user);
    if (takings.length > 0) await demandWayBack(connections, account, user, takings);
    return { account, user, takings, dead: deadInRole(user, account) };
  };
  const { user, takings, dead } = await read();
  if (takings.length === 0) {
    say(io, `${escapeText(name)} has no rights left but to enter its roles.`);
    return ExitCode.done;
  }
  const command = commandOf(name, into, options);
  const tried = options.as !== undefined;
  if (tried) await tryEntry(io, role, user.arn, { as: options.as, code: options.code, command }, patience);
  const losses = [
    tried
      ? `Entry into ${escapeText(into)} is proved, and was tried: with a code ${escapeText(name)} gets in, with the key alone not.`
      : `Entry into ${escapeText(into)} is proved from the policies read back, and was not tried; where the key is here, --as PROFILE tries it.`,
    `What ${escapeText(name)} loses, and ${escapeText(into)} has:`,
    ...takings.map(({ call, part, value }) => escapeText(`  - ${call.action} ${part.split(':')[1] ?? value}`)),
    ...dead.map((line) => `! ${escapeText(line)}`),
  ].join('\n');
  say(io, losses);
  if (options.yes !== true) {
    await demandYes(io, {
      question: `Take these from ${escapeText(name)}?`,
      during: 'the question whether to take the rights',
      command: [...command, '--yes'],
      matter: () => `${losses}\n`,
      isSeen: io.stderr.isTTY === true,
    });
  }
  // A question or a code may have been waited for: what goes without being in the role would be lost.
  const now = await read();
  if (!isDeepStrictEqual([now.user, now.dead], [user, dead])) {
    throw changedMeanwhile(`what ${name} has, or its groups,`, 'nothing was taken');
  }
  await stripUser(state.setup, state.identity, role, user.arn, now.account, {
    ...patience,
    send: accountAccess(async () => connections, patience).send,
    journal: (entry) => appendJournal(journalPath(file), entry, io.now()),
    onProgress: ({ action }) => say(io, `  ${action}`),
  });
  say(io, `Done. stepup setup adopt ${escapeText(name)} --undo gives it back from ${escapeText(journalPath(file))}.`);
  return ExitCode.done;
}

async function undo(io: Io, name: string, options: AdoptUserOptions, patience: Patience): Promise<number> {
  const { file, state } = readSetup(io, options.file);
  const connections = await connect(io, options, state);
  const user = findUser((await readWholeAccount(connections, patience)).account, name);
  const givings = givingsOf(readJournal(journalPath(file)), state.setup, user);
  if (givings.length === 0) {
    throw new StepupError('usage', { problem: `${journalPath(file)} has nothing that was taken from ${name}` });
  }
  const { setup, identity } = state;
  const { send } = accountAccess(async () => connections, patience);
  const failed = await giveBack(givings, {
    ...patience,
    send: (call) => send(identity, call),
    onGiven: ({ call: { action }, part }) => {
      const entry = { setup, accountId: identity.accountId, arn: user.arn, part: MOVED_BACK, value: part };
      appendJournal(journalPath(file), entry, io.now());
      say(io, `  ${action}`);
    },
  });
  const shown = escapeText(name);
  const gone = failed.filter(isGone);
  const refused = failed.filter((one) => !gone.includes(one));
  const again = ['stepup', 'setup', 'adopt', shown, '--undo', ...adminArguments(options)].join(' ');
  if (gone.length > 0) {
    say(io, [`Not given back to ${shown}, for it is there no more:`, ...gone.map(failureLine)].join('\n'));
    say(io, `Nobody has it any more. Once it is made again: ${again}`);
  }
  if (refused.length > 0) {
    say(io, [`Not given back to ${shown}, for AWS refuses it:`, ...refused.map(failureLine)].join('\n'));
    say(io, `All else is. The journal keeps these: mend what AWS says, then ${again}`);
    return ExitCode.awsRefused;
  }
  const but = gone.length > 0 ? ', but for what is there no more' : '';
  say(io, `${shown} has its own rights again${but}; its roles stay as they are in ${escapeText(file)}.`);
  return ExitCode.done;
}

function failureLine({ call, error: { fields } }: FailedGiving): string {
  return escapeText(`  - ${call.action} ${whatOf(call)}: ${fields.awsCode}: ${fields.message}`);
}

/** The connections of the account whose users these are. */
function connect(io: Io, options: AdoptUserOptions, state: DesiredState | undefined): Promise<AccountConnections> {
  const account = state?.identity ?? { label: 'main', accountId: '', partition: 'aws', trustQuota: 0 };
  return setupConnections(io, options)(account);
}

function findUser({ users }: Account, name: string): User {
  const user = users.find((one) => one.name === name);
  if (user !== undefined) return user;
  throw new StepupError('usage', { problem: `there is no user ${name}` });
}

/** The group, policy or attachment that a call is about. */
function whatOf({ input }: IamCall): string {
  if ('GroupName' in input) return `${input.GroupName}`;
  if ('PolicyArn' in input) return `${input.PolicyArn}`;
  return 'PolicyName' in input ? `${input.PolicyName}` : '';
}

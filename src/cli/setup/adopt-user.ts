/**
 * `stepup setup adopt USER --into ROLE`: the user's rights move into a gated role. The role stands in the file and is
 * applied like any other; entry is proved over what is read back; only then is the user stripped. `--undo` gives back.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Account, User } from '../../account/account.ts';
import { type Patience, pauseUnless } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { type AccountConnections, accountAccess, readWholeAccount } from '../../guardrails/account-access.ts';
import { emptySetupFile } from '../../guardrails/adopt/account.ts';
import { type FileRole, fileUser, permissionsEntry } from '../../guardrails/adopt/entries.ts';
import { giveBack, givingsOf, heldRights, MOVED_BACK, takingsOf } from '../../guardrails/adopt/move-rights.ts';
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
import { type AdminOptions, adminArguments, setupConnections } from './connections.ts';
import { deadInRole, demandAble, demandFree, demandLivePolicies, demandTen, demandWayBack } from './movable-user.ts';
import { setupCommand } from './setup.ts';
import { DEFAULT_FILE, readSetup } from './state.ts';
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

  const before = existsSync(file) ? readSetup(io, options.file).state : undefined;
  const connections = await connect(io, options, before);
  const { account } = await readWholeAccount(connections, patience);
  const user = findUser(account, name);
  await demandAble(connections, user);
  demandLivePolicies(user, account);
  if (before?.roles.some((role) => role.name === into) !== true) {
    demandFree(account, into);
    const text =
      before === undefined ? printSetupFile(emptySetupFile(account, options.profile)) : readFileSync(file, 'utf8');
    const rights = heldRights(user, account);
    const role: FileRole = {
      enter: [name],
      ...permissionsEntry(rights.managedArns, rights.inline, rights.boundaryArn),
      ...(options.maxAge !== undefined && { max_age: options.maxAge }),
    };
    const added = addToSetupFile(text, { name, entry: fileUser(user) }, { name: into, entry: role });
    compileBlueprint(readDesiredState(added, file));
    demandTen(rights.managedArns);
    writeFileAtomic(file, added);
    say(io, `${escapeText(file)} has role ${escapeText(into)} with the rights of ${escapeText(name)}.`);
  }
  const applied = await setupCommand(io, {
    ...{ file, yes: options.yes === true },
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.longTerm === true && { longTerm: true }),
  });
  return applied === ExitCode.done ? strip(io, name, into, file, options, patience) : applied;
}

async function strip(
  io: Io,
  name: string,
  into: string,
  file: string,
  options: AdoptUserOptions,
  patience: Patience,
): Promise<number> {
  const { state } = readSetup(io, file);
  const blueprint = compileBlueprint(state);
  const place = blueprint.accounts.find(({ account }) => account === state.identity);
  const role = place?.roles.find((one) => one.name === into);
  if (place === undefined || role === undefined) {
    throw new StepupError('usage', { problem: `role ${into} is not one of account ${state.identity.label}` });
  }
  const connections = await connect(io, options, state);
  const { account } = await readWholeAccount(connections, patience);
  const user = findUser(account, name);
  demandProvedEntry(role, user.arn, account);
  const takings = takingsOf(user);
  if (takings.length === 0) {
    say(io, `${escapeText(name)} has no rights left but to enter its roles.`);
    return ExitCode.done;
  }
  await demandWayBack(connections, account, user, takings);
  const command = ['stepup', 'setup', 'adopt', name, '--into', into, ...adminArguments(options)];
  const tried = options.as !== undefined;
  if (tried) await tryEntry(io, role, user.arn, { as: options.as, code: options.code, command }, patience);
  const losses = [
    tried
      ? `Entry into ${escapeText(into)} is proved, and was tried: with a code ${escapeText(name)} gets in, with the key alone not.`
      : `Entry into ${escapeText(into)} is proved from the policies read back, and was not tried; where the key is here, --as PROFILE tries it.`,
    `What ${escapeText(name)} loses, and ${escapeText(into)} has:`,
    ...takings.map(({ call, part, value }) => escapeText(`  - ${call.action} ${part.split(':')[1] ?? value}`)),
    ...deadInRole(user, account).map((line) => `! ${escapeText(line)}`),
  ].join('\n');
  say(io, losses);
  if (options.yes !== true) {
    await demandYes(io, {
      question: `Take these from ${escapeText(name)}?`,
      during: 'the question whether to take the rights',
      command: [...command, ...(tried ? ['--as', options.as] : []), '--yes'],
      matter: () => `${losses}\n`,
      isSeen: io.stderr.isTTY === true,
    });
  }
  await stripUser(state.setup, state.identity, role, user.arn, account, {
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
  const calls = givingsOf(readJournal(journalPath(file)), state.setup, user);
  if (calls.length === 0) {
    throw new StepupError('usage', { problem: `${journalPath(file)} has nothing that was taken from ${name}` });
  }
  const { send } = accountAccess(async () => connections, patience);
  const failed = await giveBack(calls, {
    ...patience,
    send: (call) => send(state.identity, call),
    onProgress: ({ action }) => say(io, `  ${action}`),
  });
  if (failed.length > 0) {
    const lines = failed.map(({ call, error: { fields } }) =>
      escapeText(`  - ${call.action} ${whatOf(call)}: ${fields.awsCode}: ${fields.message}`),
    );
    say(io, [`Not given back to ${escapeText(name)}, for AWS refuses it:`, ...lines].join('\n'));
    const command = ['stepup', 'setup', 'adopt', escapeText(name), '--undo', ...adminArguments(options)].join(' ');
    say(io, `All else is. The journal keeps these: mend what AWS says, then ${command}`);
    return ExitCode.awsRefused;
  }
  const { accountId } = state.identity;
  const entry = { setup: state.setup, accountId, arn: user.arn, part: MOVED_BACK, value: '' };
  appendJournal(journalPath(file), entry, io.now());
  say(io, `${escapeText(name)} has its own rights again; its roles stay as they are in ${escapeText(file)}.`);
  return ExitCode.done;
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

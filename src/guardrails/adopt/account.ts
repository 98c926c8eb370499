/**
 * An account as it is, as a setup: its users, and the roles that they enter. A role whose gate would lock out what can
 * bring no code, or would drop what its trust policy says, is left out by name; what changes for somebody is told.
 */
import type { Role, User } from '../../account/account.ts';
import type { AccountIdentity } from '../../account/from-authorization-details.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import { isStepupError } from '../../errors.ts';
import { partsOfTags } from '../blueprint/parts.ts';
import { printSetupFile } from '../desired-state/print-setup-file.ts';
import { readDesiredState } from '../desired-state/read.ts';
import type { SetupFile } from '../desired-state/setup-file.ts';
import { askingRole, askingUser } from '../lock-out/asker.ts';
import type { ObservedAccount } from '../plan/observed.ts';
import type { Adopted, AdoptNote, LeftOut, Reason } from './adopted.ts';
import { doorOf, type NamedAsker } from './door.ts';
import { type FileRole, type FileUser, fileRole, fileUser, unsaidTagKeys } from './entries.ts';

const LABEL = 'main';
const SETUP = 'stepup';

/** `observed` is the whole account. Throws what AccountPolicies throws: what can't be read can't be adopted. */
export function adoptAccount(observed: ObservedAccount, profile: string | undefined): Adopted {
  const { account, devices } = observed;
  const empty = emptySetupFile(account, profile);
  const policies = new AccountPolicies(account);

  const users = adoptUsers(account.users, empty);
  const people = account.users
    .filter(({ name }) => users.entries.has(name))
    .map((user) => ({ name: user.name, asker: askingUser(account, policies, user) }));
  const roles = adoptRoles(observed, policies, people, empty);
  const deviceless = people.flatMap(({ name }): readonly AdoptNote[] => {
    const entered = [...roles.entries].filter(([, { enter }]) => enter.includes(name)).map(([role]) => role);
    const noDevice = devices.get(name) === 0 && entered.length > 0;
    return noDevice ? [{ type: 'no-device', user: name, roles: entered }] : [];
  });
  return {
    file: { ...empty, users: Object.fromEntries(users.entries), roles: Object.fromEntries(roles.entries) },
    leftOut: [...users.leftOut, ...roles.leftOut],
    notes: [...users.notes, ...roles.notes, ...deviceless],
  };
}

/** A setup of this account, in which there is nobody yet. */
export function emptySetupFile({ accountId: id, partition }: AccountIdentity, profile: string | undefined): SetupFile {
  const named = { id, ...(profile !== undefined && { profile }), ...(partition !== 'aws' && { partition }) };
  return { version: 1, accounts: { [LABEL]: named }, users: {}, roles: {} };
}

interface Part<Entry> {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly AdoptNote[];
}

function adoptUsers(there: readonly User[], empty: SetupFile): Part<FileUser> {
  const entries = new Map<string, FileUser>();
  const leftOut: LeftOut[] = [];
  const notes: AdoptNote[] = [];
  for (const user of there) {
    const { name } = user;
    const entry = fileUser(user);
    const because = ofOtherSetup(user) ?? flawOf({ ...empty, users: { [name]: entry } });
    if (because !== undefined) {
      leftOut.push({ kind: 'user', name, because });
      continue;
    }
    entries.set(name, entry);
    notes.push(...tagNotes('user', user));
  }
  return { entries, leftOut, notes };
}

function adoptRoles(
  { account, roleSettings }: ObservedAccount,
  policies: AccountPolicies,
  people: readonly NamedAsker[],
  empty: SetupFile,
): Part<FileRole> {
  const entries = new Map<string, FileRole>();
  const leftOut: LeftOut[] = [];
  const notes: AdoptNote[] = [];
  const sessions = account.roles
    .filter((role) => !isOfAws(role))
    .map((role) => ({ name: role.name, asker: askingRole(account, policies, role) }));
  for (const role of account.roles) {
    const { name } = role;
    const kept = isOfAws(role) ? ({ type: 'of-aws' } as const) : ofOtherSetup(role);
    const door =
      kept === undefined ? doorOf(role, account, policies, people, sessions) : { type: 'left' as const, because: kept };
    if (door.type === 'left') {
      leftOut.push({ kind: 'role', name, because: door.because });
      continue;
    }
    const entry = { ...fileRole(role, roleSettings.get(name), door.enter), ...door.gate };
    const flaw = flawOf({
      ...empty,
      users: Object.fromEntries(door.enter.map((user) => [user, {}])),
      roles: { [name]: entry },
    });
    if (flaw !== undefined) {
      leftOut.push({ kind: 'role', name, because: flaw });
      continue;
    }
    entries.set(name, entry);
    if (door.enteredByRoles.length > 0) notes.push({ type: 'entered-by-roles', role: name, by: door.enteredByRoles });
    if (door.perhaps.length > 0) notes.push({ type: 'conditional', role: name, users: door.perhaps });
    notes.push(...tagNotes('role', role));
  }
  return { entries, leftOut, notes };
}

/** Service-linked roles, and those of IAM Identity Center. */
function isOfAws({ path }: Role): boolean {
  return path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/');
}

function ofOtherSetup({ tags }: User | Role): Reason | undefined {
  const setup = partsOfTags(tags)?.setup;
  return setup === undefined || setup === SETUP ? undefined : { type: 'other-setup', setup };
}

/** What the file's own reader says against it: nothing is printed that can't be read back. */
function flawOf(file: SetupFile): Reason | undefined {
  try {
    readDesiredState(printSetupFile(file), 'stepup.yaml');
    return undefined;
  } catch (error) {
    if (!isStepupError(error, 'setup-file')) throw error;
    return { type: 'unsayable', problem: `${error.fields.path} ${error.fields.problem}` };
  }
}

function tagNotes(kind: 'user' | 'role', entity: User | Role): readonly AdoptNote[] {
  const keys = unsaidTagKeys(entity);
  return keys.length > 0 ? [{ type: 'tags-unsaid', kind, name: entity.name, keys }] : [];
}

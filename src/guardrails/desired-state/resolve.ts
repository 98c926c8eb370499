/** From what stands in the file to the state that is wanted: defaults filled in, names looked up, rules across the file held. */
import type { Tag } from '../../account/account.ts';
import { isStepupError } from '../../errors.ts';
import { isAgeRecipient } from '../../keys/encrypt-to.ts';
import { accountOfArn } from '../../policy/arn.ts';
import { readPolicy } from '../../policy/read.ts';
import { spareDevice } from '../blueprint/user-policies.ts';
import {
  type DesiredAccount,
  type DesiredPermissions,
  type DesiredRole,
  type DesiredState,
  type DesiredUser,
  LOGIN_SECONDS,
} from './desired-state.ts';
import type { SetupFile } from './setup-file.ts';

/** What is wrong, and where in the file: keys and indexes from the top. */
export class SetupFlaw extends Error {
  override readonly name = 'SetupFlaw';
  readonly at: readonly (string | number)[];

  constructor(at: readonly (string | number)[], problem: string) {
    super(problem);
    this.at = at;
  }
}

type FileUser = NonNullable<SetupFile['users'][string]>;
type FileRole = SetupFile['roles'][string];
type At = readonly (string | number)[];

const DEFAULTS = { setup: 'stepup', partition: 'aws', path: '/', trustQuota: 2048 } as const;
const HOUR = 3600;

/** Ranges of spans, in seconds, and where they come from. */
const RANGES = {
  // GetSessionToken lasts 36 hours at most; a gate under a minute can't be met by a person.
  max_age: { min: 60, max: 36 * HOUR, preset: LOGIN_SECONDS, words: '60s to 36h' },
  // MaxSessionDuration (IAM API Reference, CreateRole).
  session: { min: HOUR, max: 12 * HOUR, preset: HOUR, words: '1h to 12h' },
  bootstrap: { min: HOUR, max: 7 * 24 * HOUR, preset: 48 * HOUR, words: '1h to 7d' },
} as const;

/** Throws {@link SetupFlaw}. */
export function resolveDesiredState(file: SetupFile): DesiredState {
  const accounts = resolveAccounts(file);
  const identity = resolveIdentity(file, accounts);
  demandDistinctNames(Object.keys(file.users), ['users']);
  const users = Object.entries(file.users).map(([name, user]) => resolveUser(file, name, user ?? {}));
  demandOwnDevices(users);
  const roles = Object.entries(file.roles).flatMap(([key, role]) => resolveRole(file, accounts, identity, key, role));
  demandDistinctRoles(roles);
  return { setup: file.setup ?? DEFAULTS.setup, accounts: [...accounts.values()], identity, users, roles };
}

function resolveAccounts(file: SetupFile): ReadonlyMap<string, DesiredAccount> {
  const accounts = new Map<string, DesiredAccount>();
  for (const [label, { id, profile, partition, trust_quota }] of Object.entries(file.accounts)) {
    const accountId = String(id);
    const twin = [...accounts.values()].find((other) => other.accountId === accountId);
    if (twin !== undefined) throw new SetupFlaw(['accounts', label, 'id'], `is also the id of ${twin.label}`);
    accounts.set(label, {
      label,
      accountId,
      partition: partition ?? DEFAULTS.partition,
      ...(profile !== undefined && { profile }),
      trustQuota: trust_quota ?? DEFAULTS.trustQuota,
    });
  }
  if (accounts.size === 0) throw new SetupFlaw(['accounts'], 'must name an account');
  return accounts;
}

function resolveIdentity(file: SetupFile, accounts: ReadonlyMap<string, DesiredAccount>): DesiredAccount {
  const [only] = accounts.values();
  if (file.identity !== undefined) return accountNamed(accounts, file.identity, ['identity']);
  if (accounts.size === 1 && only !== undefined) return only;
  throw new SetupFlaw([], 'has several accounts, so identity must say whose the users are');
}

function accountNamed(accounts: ReadonlyMap<string, DesiredAccount>, label: string, at: At): DesiredAccount {
  const account = accounts.get(label);
  if (account !== undefined) return account;
  throw new SetupFlaw(at, `${label} is none of the accounts: ${[...accounts.keys()].join(', ')}`);
}

function resolveUser(file: SetupFile, name: string, user: FileUser): DesiredUser {
  const at = ['users', name];
  demandName(file.names?.users, ['names', 'users'], name, at);
  const { defaults } = file;
  if (user.age_recipient !== undefined && !isAgeRecipient(user.age_recipient)) {
    throw new SetupFlaw([...at, 'age_recipient'], 'is no age recipient: a character of it is wrong');
  }
  return {
    name,
    path: user.path ?? defaults?.path ?? DEFAULTS.path,
    selfService: [...new Set(user.self_service ?? defaults?.self_service ?? [])],
    ...(user.age_recipient !== undefined && { ageRecipient: user.age_recipient }),
    bootstrapSeconds: span(file, 'bootstrap', user.bootstrap, at),
    tags: mergedTags(defaults?.tags, user.tags, at),
  };
}

function resolveRole(
  file: SetupFile,
  accounts: ReadonlyMap<string, DesiredAccount>,
  identity: DesiredAccount,
  key: string,
  role: FileRole,
): readonly DesiredRole[] {
  const at = ['roles', key];
  const name = role.name ?? key;
  demandName(file.names?.roles, ['names', 'roles'], name, at);
  demandEntrants(file, role, at);
  return accountsOf(accounts, identity, role, at).map((account) => ({
    account,
    name,
    path: role.path ?? file.defaults?.path ?? DEFAULTS.path,
    ...(role.description !== undefined && { description: role.description }),
    enter: role.enter,
    permissions: resolvePermissions(role.permissions ?? {}, account, [...at, 'permissions']),
    maxAgeSeconds: span(file, 'max_age', role.max_age, at),
    sessionSeconds: span(file, 'session', role.session, at),
    ...(role.external_id !== undefined && { externalId: role.external_id }),
    tags: mergedTags(file.defaults?.tags, role.tags, at),
  }));
}

function demandEntrants(file: SetupFile, { enter }: FileRole, at: At): void {
  enter.forEach((user, index) => {
    const here = [...at, 'enter', index];
    if (!Object.hasOwn(file.users, user)) throw new SetupFlaw(here, `${user} is none of the users`);
    if (enter.indexOf(user) < index) throw new SetupFlaw(here, `${user} is named twice`);
  });
}

function accountsOf(
  accounts: ReadonlyMap<string, DesiredAccount>,
  identity: DesiredAccount,
  { account }: FileRole,
  at: At,
): readonly DesiredAccount[] {
  if (account === undefined) return [identity];
  const labels = typeof account === 'string' ? [account] : account;
  return labels.map((label, index) => {
    const found = accountNamed(
      accounts,
      label,
      typeof account === 'string' ? [...at, 'account'] : [...at, 'account', index],
    );
    if (found.partition === identity.partition) return found;
    throw new SetupFlaw(
      [...at, 'account'],
      `${label} is in ${found.partition}: no role can be entered from ${identity.partition}`,
    );
  });
}

function resolvePermissions(
  { managed = [], inline = {}, boundary }: NonNullable<FileRole['permissions']>,
  account: DesiredAccount,
  at: At,
): DesiredPermissions {
  for (const [index, arn] of managed.entries()) demandUsableArn(arn, account, [...at, 'managed', index]);
  if (boundary !== undefined) demandUsableArn(boundary, account, [...at, 'boundary']);
  return {
    managedArns: [...new Set(managed)],
    inline: Object.entries(inline).map(([name, document]) => {
      demandPolicy(document, [...at, 'inline', name]);
      return { name, document };
    }),
    ...(boundary !== undefined && { boundaryArn: boundary }),
  };
}

/** A managed policy must be AWS's or of the account of the role. */
function demandUsableArn(arn: string, { accountId, partition, label }: DesiredAccount, at: At): void {
  const owner = accountOfArn(arn);
  if (owner !== undefined && owner !== accountId) {
    throw new SetupFlaw(at, `${arn} belongs to another account than ${label} (${accountId})`);
  }
  if (!arn.startsWith(`arn:${partition}:`)) throw new SetupFlaw(at, `${arn} is not of the partition ${partition}`);
}

function demandPolicy(document: unknown, at: At): void {
  try {
    readPolicy(document, 'identity');
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    throw new SetupFlaw([...at, ...keysOfPath(error.fields.path)], error.fields.problem);
  }
}

/** `$.Statement[0].Action` as keys and indexes. */
function keysOfPath(jsonPath: string): readonly (string | number)[] {
  return [...jsonPath.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/g)].map(([, key, index, quoted]) =>
    index === undefined ? (key ?? quoted ?? '') : Number(index),
  );
}

function demandName(rule: string | undefined, ruleAt: At, name: string, at: At): void {
  if (rule === undefined) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${rule})$`, 'u');
  } catch {
    throw new SetupFlaw(ruleAt, 'is no regular expression');
  }
  if (!pattern.test(name)) throw new SetupFlaw(at, `${name} is not of the form that names demands: ${rule}`);
}

/** IAM takes names for the same that differ in case only. */
function demandDistinctNames(names: readonly string[], at: At): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) throw new SetupFlaw([...at, name], `is the same name as ${twin} to IAM`);
    seen.set(name.toLowerCase(), name);
  }
}

/** Devices are told apart by their users' names: nobody’s second device may be another's first. */
function demandOwnDevices(users: readonly DesiredUser[]): void {
  const names = new Set(users.map(({ name }) => name));
  for (const { name, selfService } of users) {
    if (!selfService.includes('device') || !names.has(spareDevice(name))) continue;
    throw new SetupFlaw(
      ['users', spareDevice(name)],
      `is the name of ${name}’s second device; name the user otherwise`,
    );
  }
}

function demandDistinctRoles(roles: readonly DesiredRole[]): void {
  const seen = new Set<string>();
  for (const { account, name } of roles) {
    const key = `${account.accountId} ${name.toLowerCase()}`;
    if (seen.has(key)) throw new SetupFlaw(['roles'], `has ${name} twice in account ${account.label}`);
    seen.add(key);
  }
}

function span(file: SetupFile, name: keyof typeof RANGES, own: string | number | undefined, at: At): number {
  const { min, max, preset, words } = RANGES[name];
  const [value, where]: readonly [string | number | undefined, At] =
    own === undefined ? [file.defaults?.[name], ['defaults', name]] : [own, [...at, name]];
  if (value === undefined) return preset;
  const seconds = secondsOf(value);
  if (seconds < min || seconds > max) throw new SetupFlaw(where, `must be from ${words}`);
  return seconds;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: HOUR, m: 60, s: 1 };

/** Of a span that the file's shape has let through. */
function secondsOf(value: string | number): number {
  if (typeof value === 'number') return value;
  if (/^\d+$/.test(value)) return Number(value);
  return [...value.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}

type FileTags = Readonly<Record<string, string>> | undefined;

function mergedTags(preset: FileTags, own: FileTags, at: At): readonly Tag[] {
  const tags = Object.entries({ ...preset, ...own }).map(([key, value]) => ({ key, value }));
  const reserved = tags.find(({ key }) => /^(?:stepup|aws):/i.test(key));
  if (reserved === undefined) return tags;
  throw new SetupFlaw([...at, 'tags'], `must not have ${reserved.key}: such keys aren’t yours to give`);
}

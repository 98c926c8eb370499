/** `stepup setup --me USER`: the user is whoever runs the setup, so key, profiles and device are put in place at once. */
import { IAMClient, TagUserCommand } from '@aws-sdk/client-iam';
import { type Connection, call } from '../../aws/connection.ts';
import { createAccessKey, deleteAccessKey } from '../../aws/iam-access-keys.ts';
import { listMfaDevices } from '../../aws/iam-devices.ts';
import { StepupError } from '../../errors.ts';
import type { Blueprint, UserBlueprint } from '../../guardrails/blueprint/blueprint.ts';
import { keyPart, tagsOfParts } from '../../guardrails/blueprint/parts.ts';
import { profileEdits, type UserProfiles, userProfiles } from '../../guardrails/blueprint/user-profiles.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { ENDPOINT_KEYS } from '../../profiles/endpoint-settings.ts';
import { resolveProfile } from '../../profiles/resolve.ts';
import { updateAwsFiles } from '../../profiles/update.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import type { Io } from '../io.ts';
import { say } from '../print.ts';

export interface Me {
  readonly user: UserBlueprint;
  /** What the user's tags name. */
  readonly parts: readonly string[];
  /** The name of the profile with the key. */
  readonly base: string;
  readonly store?: string | undefined;
  /** Who has the rights to make a key and a device. */
  readonly adminProfile: string;
  readonly longTerm?: boolean | undefined;
  readonly iam: () => Promise<Connection>;
}

const LOCK_WAIT_MS = 20_000;
/** Where calls go is the same for the administrator and the user: it is one account. */
const PLACE_KEYS = ['region', ...ENDPOINT_KEYS];

/** Puts in place what isn't yet; may be done again. Throws StepupError. */
export async function settleIn(io: Io, blueprint: Blueprint, me: Me): Promise<void> {
  const style = styleFor(io.stderr, io.env);
  const profiles = userProfiles(blueprint, me.user, me.base, placeKeys(io, me.adminProfile));
  const hasKey = await holdsKeyOf(io, me);
  for (const name of await writeProfiles(io, profiles)) {
    say(io, `${style.yellow('!')} Profile ${escapeText(name)} is there for something else, and was left as it is.`);
  }
  if (!hasKey) await makeKey(io, blueprint.setup, me);
  const names = profiles.roles.map(({ name }) => escapeText(name)).join(', ');
  say(
    io,
    `${style.green('✓')} Profile ${escapeText(me.base)} has the key of ${escapeText(me.user.name)}; role profiles: ${names}`,
  );
  const devices = await listMfaDevices(await me.iam(), me.user.name);
  if (devices.length === 0) {
    const { mfaEnrolCommand } = await import('../mfa/enrol.ts');
    await mfaEnrolCommand(io, me.base, { with: me.adminProfile, ...(me.longTerm === true && { longTerm: true }) });
  }
  say(io, `  Next: stepup login ${escapeText(me.base)}`);
}

function placeKeys(io: Io, adminProfile: string): Readonly<Record<string, string>> {
  const { settings } = resolveProfile(readAwsFiles(awsFilePaths(io.env, io.homeDirectory)), adminProfile, io.env);
  return Object.fromEntries(
    PLACE_KEYS.flatMap((key) => {
      const value = settings.get(key)?.value;
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** Whether the base has this user's key already. Throws `usage` where it has another's. */
async function holdsKeyOf(io: Io, { base, user }: Me): Promise<boolean> {
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  if (!files.profiles.has(base)) return false;
  const resolved = resolveProfile(files, base, io.env);
  const { type } = resolved.credentials;
  if (type === 'none') return false;
  if (type === 'long-term-key' || type === 'stored-key') {
    const [{ iamUserOf }, { longTermKey }] = await Promise.all([
      import('../iam-user.ts'),
      import('../long-term-key.ts'),
    ]);
    const holder = await iamUserOf(io, resolved, await longTermKey(io, resolved));
    if (holder.arn === user.userArn) return true;
  }
  throw new StepupError('usage', {
    problem: `profile ${base} is there for something else than the key of ${user.name}`,
    hint: 'Name another with --base NAME.',
  });
}

/** Writes them; answers the names of role profiles that are there for another role, and stay. */
async function writeProfiles(io: Io, profiles: UserProfiles): Promise<readonly string[]> {
  let skipped: readonly string[] = [];
  await updateAwsFiles(
    awsFilePaths(io.env, io.homeDirectory),
    (files) => {
      const plan = profileEdits(files, profiles);
      skipped = plan.skipped;
      return plan.edits;
    },
    { program: 'stepup setup', waitMs: LOCK_WAIT_MS },
  );
  return skipped;
}

/** The key goes from AWS's answer into the store. One that can't be kept is deleted again. */
async function makeKey(io: Io, setup: string, { user, parts, base, store, iam }: Me): Promise<void> {
  const [{ keep, storeKind }, { profileForKey }, { keyPorts }] = await Promise.all([
    import('../keys/keep-key.ts'),
    import('../../keys/add-key.ts'),
    import('../keys/ports.ts'),
  ]);
  const kind = await storeKind(io, profileForKey(base, keyPorts(io)).settings, store);
  const key = await createAccessKey(await iam(), user.name);
  try {
    await keep(io, { profile: base, key, kind }, { verify: false });
  } catch (error) {
    await deleteAccessKey(await iam(), { userName: user.name, accessKeyId: key.accessKeyId }).catch(() => undefined);
    throw error;
  }
  const tags = tagsOfParts(setup, [...parts, keyPart(key.accessKeyId)]);
  const Tags = tags.map(({ key: Key, value: Value }) => ({ Key, Value }));
  const command = new TagUserCommand({ UserName: user.name, Tags });
  await call('TagUser', await iam(), (config) => new IAMClient(config).send(command));
}

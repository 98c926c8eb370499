/** `stepup keys rotate`: a new long-term key in place of the old one, wherever it is kept. */
import { join } from 'node:path';
import {
  accessKeyLastUse,
  createAccessKey,
  deleteAccessKey,
  listAccessKeys,
  setAccessKeyActive,
} from '../../aws/iam-access-keys.ts';
import { pauseUnless } from '../../aws/patience.ts';
import { getCallerIdentity } from '../../aws/sts.ts';
import { StepupError } from '../../errors.ts';
import { withLock } from '../../files/lock.ts';
import { makePrivateFolder } from '../../files/modes.ts';
import { type RotationCalls, type RotationPorts, type RotationStep, rotate } from '../../keys/rotation.ts';
import { rotationJournal } from '../../keys/rotation-journal.ts';
import type { StoredKey } from '../../keys/stored-key.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { resolveProfile } from '../../profiles/resolve.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import {
  connectTo,
  type IamAccesses,
  type IamUser,
  iamAccessFor,
  iamUserOf,
  keyedProfile,
  rememberUser,
  type SigningOptions,
} from '../iam-user.ts';
import type { Io } from '../io.ts';
import { keyHomeOf, longTermKey } from '../long-term-key.ts';
import { ownFolders } from '../own-folders.ts';
import { mayRemoveKey } from './strange-key.ts';

export interface KeysRotateOptions extends SigningOptions {
  readonly json?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function keysRotateCommand(
  io: Io,
  profile: string | undefined,
  options: KeysRotateOptions,
): Promise<number> {
  const base = keyedProfile(io, profile);
  let current: StoredKey = await longTermKey(io, base);
  const user = await iamUserOf(io, base, current);
  const iam = iamAccessFor(io, {
    ...options,
    user,
    key: () => current,
    service: 'keys',
    mayStepUp: true,
    command: `stepup keys rotate ${base.name}`,
  });
  const folder = join(ownFolders(io).state, 'rotations');
  makePrivateFolder(folder);
  const file = join(folder, fileNameOf(user.arn));
  const lock = { program: `stepup keys rotate ${base.name}`, waitMs: 0 };
  const { oldKeyId, newKeyId } = await withLock(`${file}.lock`, lock, async () => {
    // Another rotation may have been finished since the key was read.
    current = await longTermKey(io, keyedProfile(io, base.name));
    return rotate(
      { profile: base.name, userArn: user.arn, userName: user.name },
      {
        ...portsFor(io, user, iam),
        readKey: async () => current,
        replaceKey: async (old, key) => {
          await replaceKey(io, user, old, key);
          current = key;
        },
        journal: rotationJournal(`${file}.json`),
      },
    );
  });
  if (options.json) io.stdout.write(`${JSON.stringify({ profile: base.name, oldKeyId, newKeyId }, null, 2)}\n`);
  io.stderr.write(
    `${styleFor(io.stderr, io.env).green('✓')} Profile ${escapeText(base.name)} has a new key, ${escapeText(newKeyId)}; ${escapeText(oldKeyId)} is no more.\n`,
  );
  return ExitCode.done;
}

type PortsOfUser = Omit<RotationPorts, 'readKey' | 'replaceKey' | 'journal'>;

function portsFor(io: Io, user: IamUser, { call, callAtEnd }: IamAccesses): PortsOfUser {
  const of = (accessKeyId: string) => ({ userName: user.name, accessKeyId });
  const calls: RotationCalls = {
    list: () => call((connection) => listAccessKeys(connection, user.name)),
    lastUse: (accessKeyId) => call((connection) => accessKeyLastUse(connection, accessKeyId)),
    create: () => call((connection) => createAccessKey(connection, user.name)),
    setActive: (accessKeyId, active) => call((connection) => setAccessKeyActive(connection, of(accessKeyId), active)),
    remove: (accessKeyId) => call((connection) => deleteAccessKey(connection, of(accessKeyId))),
    removeAtEnd: (accessKeyId) => callAtEnd((connection) => deleteAccessKey(connection, of(accessKeyId))),
  };
  return {
    calls,
    identify: async (key) => (await getCallerIdentity(connectTo(io, user.base.name, 'sts', key))).arn,
    mayRemove: (key, lastUse) => mayRemoveKey(io, user.name, key, lastUse),
    onStep: (step) => io.stderr.write(`  ${stepText(step)}\n`),
    now: io.now,
    pause: pauseUnless(io.interrupted, 'the wait for AWS to know the new key'),
    atEnd: io.atEnd,
  };
}

/** In the store or the files, and read back from there. */
async function replaceKey(io: Io, user: IamUser, old: StoredKey, key: StoredKey): Promise<void> {
  const { name } = user.base;
  rememberUser(io, key.accessKeyId, user.arn);
  const home = await keyHomeOf(io, user.base);
  if (home === undefined) throw new StepupError('login-without-key', { profile: name, found: 'nothing' });
  await home.replace(old, key);
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const there = await longTermKey(io, resolveProfile(files, name, io.env));
  if (there.accessKeyId !== key.accessKeyId || there.secretAccessKey !== key.secretAccessKey) {
    throw new StepupError('store-unfaithful', { store: home.kind, profile: name });
  }
}

/** One rotation a user: `123456789012-alice`. */
function fileNameOf(userArn: string): string {
  return encodeURIComponent(userArn.replace(/^arn:[^:]+:iam::/, '').replace(/:user\/(.*\/)?/, '-'));
}

function stepText(step: RotationStep): string {
  switch (step.type) {
    case 'resumed':
      return `An earlier rotation goes on: ${step.newKeyId} is in place, ${step.oldKeyId} is to go.`;
    case 'lost-key-deleted':
      return `${step.accessKeyId}, made by an interrupted rotation and never used, is deleted: nobody has its secret.`;
    case 'created':
      return `${step.accessKeyId} is made.`;
    case 'proved':
      return `${step.accessKeyId} works.`;
    case 'in-place':
      return `${step.accessKeyId} is in the old key's place.`;
    case 'old-inactive':
      return `${step.accessKeyId} is inactive.`;
    case 'old-deleted':
      return `${step.accessKeyId} is deleted.`;
  }
}

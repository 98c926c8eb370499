/** `stepup keys list`: each long-term key of the profiles, where it is kept, and what IAM tells of it where it may be asked. */
import { isStepupError } from '../../errors.ts';
import { type AwsFiles, awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { keyIdOf } from '../../profiles/key-id.ts';
import { type ResolvedProfile, resolveProfile } from '../../profiles/resolve.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { formatDuration } from '../../terminal/time.ts';
import { brokerFor } from '../broker-for.ts';
import { ExitCode } from '../exit-code.ts';
import { connectTo, type SigningOptions } from '../iam-user.ts';
import type { Io } from '../io.ts';
import { type Asker, type KeyHistory, keyHistory, untoldWords } from './key-history.ts';

export interface KeysListOptions extends SigningOptions {
  readonly json?: boolean;
}

interface KeyRow extends KeyHistory {
  readonly profile: string;
  /** A store's name, or `file` for plain text. */
  readonly store: string;
  readonly accessKeyId?: string;
}

/** IAM's answer isn't worth a longer wait: what isn't known prints as unknown. */
const IAM_WAIT_MS = 10_000;

/**
 * Runs the command. Without `with` it opens no store and asks nobody. Throws StepupError for files that can't be read,
 * and as the broker does for the profile of `with`.
 */
export async function keysListCommand(io: Io, { json, ...signing }: KeysListOptions): Promise<number> {
  const asker = await askerAs(io, signing);
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const options = { waitMs: IAM_WAIT_MS, ...(asker !== undefined && { asker }) };
  const rows = await Promise.all(
    keyedProfiles(files, io.env).map(async (profile) => ({
      ...placeOf(profile),
      ...(await keyHistory(io, files, profile, options)),
    })),
  );
  if (json !== true) io.stderr.write(unknownText(rows));
  io.stdout.write(json === true ? `${JSON.stringify(rows.map(asJson), null, 2)}\n` : asTable(rows, io));
  return ExitCode.done;
}

function unknownText(rows: readonly KeyRow[]): string {
  return rows
    .flatMap(({ profile, untold }) =>
      untold === undefined ? [] : [`  ${escapeText(`${profile}: unknown: ${untoldWords(untold, profile)}.`)}\n`],
    )
    .join('');
}

/** Profiles that can't be resolved are `status`'s to show. */
function keyedProfiles(files: AwsFiles, env: Io['env']): readonly ResolvedProfile[] {
  return [...files.profiles.keys()].flatMap((name) => {
    try {
      const profile = resolveProfile(files, name, env);
      const { type } = profile.credentials;
      return type === 'long-term-key' || type === 'stored-key' ? [profile] : [];
    } catch (error) {
      if (!isStepupError(error)) throw error;
      return [];
    }
  });
}

function placeOf(profile: ResolvedProfile): KeyRow {
  const { name, credentials } = profile;
  const accessKeyId = keyIdOf(profile);
  return {
    profile: name,
    store: credentials.type === 'stored-key' ? credentials.store : 'file',
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
}

/** The rights of another profile, by its own way to credentials. @throws as the broker does */
async function askerAs(io: Io, { with: other, longTerm }: SigningOptions): Promise<Asker | undefined> {
  if (other === undefined) return undefined;
  const broker = await brokerFor(io);
  const { credentials } = await broker.credentialsFor({
    profile: other,
    mayAsk: true,
    ...(longTerm === true && { longTerm }),
  });
  return (service) => connectTo(io, other, service, credentials);
}

function asTable(rows: readonly KeyRow[], io: Io): string {
  if (rows.length === 0) return 'There is no profile with a long-term key.\n';
  const style = styleFor(io.stdout, io.env);
  const head = ['PROFILE', 'KEY', 'STORE', 'AGE', 'LAST USED'].map((text) => ({ text, paint: style.dim }));
  const since = (epochMs: number): string => formatDuration(Math.max(0, io.now() - epochMs) / 1000);
  const lines = rows.map(({ profile, accessKeyId, store, createdAtMs, lastUsedAtMs }) => [
    escapeText(profile),
    accessKeyId === undefined ? 'unknown' : `…${escapeText(accessKeyId.slice(-4))}`,
    store === 'file' ? { text: 'plain text', paint: style.yellow } : escapeText(store),
    createdAtMs === undefined ? 'unknown' : since(createdAtMs),
    lastUsedAtMs === undefined ? 'unknown' : lastUsedAtMs === 'never' ? 'never' : `${since(lastUsedAtMs)} ago`,
  ]);
  return `${tableLines([head, ...lines]).join('\n')}\n`;
}

/** Null for what isn't known; `lastUsedAt` is `never` for a key that nobody has used. */
function asJson({ profile, store, accessKeyId, createdAtMs, lastUsedAtMs, isActive, untold }: KeyRow): object {
  const instant = (epochMs: number): string => new Date(epochMs).toISOString();
  return {
    profile,
    store,
    lastFour: accessKeyId?.slice(-4) ?? null,
    createdAt: createdAtMs === undefined ? null : instant(createdAtMs),
    lastUsedAt: lastUsedAtMs === undefined ? null : lastUsedAtMs === 'never' ? 'never' : instant(lastUsedAtMs),
    active: isActive ?? null,
    unknown: untold ?? null,
  };
}

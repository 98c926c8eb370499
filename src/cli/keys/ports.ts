/** What the commands of `stepup keys` need of the world. */
import { resolveEndpoint } from '../../aws/endpoints.ts';
import { getCallerIdentity } from '../../aws/sts.ts';
import type { KeyPorts } from '../../keys/move-key.ts';
import type { StoreKind } from '../../keys/secret-store.ts';
import { readStoreKind } from '../../keys/stores.ts';
import { awsFilePaths, readAwsFiles, type Settings } from '../../profiles/aws-files.ts';
import { chooseProfile } from '../../profiles/choose-profile.ts';
import { endpointSettings } from '../../profiles/endpoint-settings.ts';
import type { Io } from '../io.ts';
import { storeForNewKey, storeOf } from '../open-store.ts';
import { processLine } from '../process-line.ts';

const LOCK_WAIT_MS = 20_000;

export function keyPorts(io: Io): KeyPorts {
  const paths = awsFilePaths(io.env, io.homeDirectory);
  return {
    env: io.env,
    paths,
    lock: { program: `stepup keys ${io.argv[1] ?? ''}`, waitMs: LOCK_WAIT_MS },
    openStore: (store, { settings }) => storeOf(io, readStoreKind(store, 'stepup_key_store'), settings),
    verify: async ({ accessKeyId, secretAccessKey }, profile) => {
      const endpoint = resolveEndpoint('sts', endpointSettings(readAwsFiles(paths), profile, 'sts', io.env));
      const credentials = { accessKeyId, secretAccessKey };
      await getCallerIdentity({ endpoint, credentials, now: io.now, signal: io.interrupted });
    },
    processLine: (profile) => processLine(io, profile),
  };
}

/** The store that a move or an addition goes to; `file` is none. */
export async function targetKind(
  io: Io,
  settings: Settings,
  given: string | undefined,
  option: '--to' | '--store',
): Promise<StoreKind | 'file'> {
  if (given === 'file') return given;
  if (given === undefined) return (await storeForNewKey(io, settings)).kind;
  return readStoreKind(given, option, option === '--to' ? ['file'] : []);
}

/** The profile that was named, else the one of `AWS_PROFILE`, else `default`: keys in the environment are no profile's. */
export function namedProfile(profile: string | undefined, env: Io['env']): string {
  const choice = chooseProfile(profile, { ...env, AWS_ACCESS_KEY_ID: undefined });
  return choice.type === 'profile' ? choice.name : 'default';
}

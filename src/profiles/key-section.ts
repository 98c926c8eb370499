/**
 * A long-term key in the AWS files: the edits that take it out in favour of a store, and that bring it back. Planned on
 * what is there under the lock, and refused where something would be left that holds the key or wins over the new way.
 */
import { type ErrorFields, StepupError } from '../errors.ts';
import type { AwsFiles, Place, Profile } from './aws-files.ts';
import { parseDocument } from './document.ts';
import { KEY_ID_KEY } from './key-id.ts';
import { isOwnCredentialProcess } from './own-credential-process.ts';
import type { FileKind } from './section-title.ts';
import { type AwsEdit, editedTexts } from './update.ts';

export const KEY_STORE_KEY = 'stepup_key_store';
/** A store that a move has left, until the key is removed from it. */
export const KEY_LEFT_IN_KEY = 'stepup_key_left_in';

/** A token's empty line is no session, and would make one of nothing. */
const STATIC_KEYS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'aws_security_token'] as const;

export interface KeyInStore {
  readonly profile: string;
  readonly store: string;
  readonly accessKeyId: string;
  /** The `credential_process` line that serves the profile's MFA session. */
  readonly process: string;
  /** The store that had the key before. */
  readonly leftIn?: string;
}

interface PlainKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The key is in a store from now on. Every section that holds it in plain text, under whatever name, loses it and serves
 * the profile's MFA session in its place.
 * @param plain the key as it was read from the files; undefined if it wasn't in them
 * @throws StepupError `key-changed` if the profile has another key now; `key-stays-visible`
 */
export function planKeyToStore(files: AwsFiles, key: KeyInStore, plain: PlainKey | undefined): AwsEdit[] {
  const { profile, process } = key;
  const own = files.profiles.get(profile);
  // Of `[DEFAULT]` first: what stands there stands in every profile.
  if (plain !== undefined) refuseDefaults(files, plain);
  const holders = plain === undefined ? [] : holdersOf(files, plain);
  if (own !== undefined && hasStaticKey(own) && !holders.includes(own))
    throw new StepupError('key-changed', { profile });
  for (const one of new Set(own === undefined ? holders : [own, ...holders])) refuseWhatWouldWin(one);
  const edits = [
    ...holders.flatMap((holder) => [...planStaticRemoval(holder), ...planProcess(holder, process)]),
    ...(own !== undefined && holders.includes(own) ? [] : planProcess(own ?? { name: profile }, process)),
    ...planSettings(own, key),
  ];
  if (plain !== undefined) refuseWhatWouldStay(files, edits, plain);
  return edits;
}

/** The key is back in the credentials file, where it wins over the store that still has it. */
export function planKeyToFile(profile: string, { accessKeyId, secretAccessKey }: PlainKey): AwsEdit[] {
  const values = { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey };
  return [{ type: 'set', file: 'credentials', profile, values }];
}

/** The profile's key is in no store any more: what stepup wrote for it goes, and the section if nothing else is in it. */
export function planForgetStore(files: AwsFiles, profile: string): AwsEdit[] {
  const own = files.profiles.get(profile);
  if (own === undefined) return [];
  return (['config', 'credentials'] as const).flatMap((file) => {
    const ours = [...own[file]].filter(
      ([key, { value }]) =>
        [KEY_STORE_KEY, KEY_ID_KEY, KEY_LEFT_IN_KEY].includes(key) ||
        (key === 'credential_process' && isOwnCredentialProcess(value)),
    );
    return planRemoval(
      own,
      file,
      ours.map(([key]) => key),
    );
  });
}

/** A key in plain text goes, wherever the files hold it. @throws StepupError `key-stays-visible` */
export function planPlainRemoval(files: AwsFiles, key: PlainKey): AwsEdit[] {
  refuseDefaults(files, key);
  const edits = holdersOf(files, key).flatMap(planStaticRemoval);
  refuseWhatWouldStay(files, edits, key);
  return edits;
}

/** The profiles, `default` or any other, in which this key stands as it is. */
export function holdersOf({ profiles }: AwsFiles, { accessKeyId, secretAccessKey }: PlainKey): Profile[] {
  return [...profiles.values()].filter(({ config, credentials }) =>
    [config, credentials].some(
      (settings) =>
        settings.get('aws_secret_access_key')?.value === secretAccessKey &&
        (settings.get('aws_access_key_id')?.value ?? accessKeyId) === accessKeyId,
    ),
  );
}

function hasStaticKey({ settings }: Profile): boolean {
  return settings.has('aws_access_key_id') && !settings.get('aws_session_token')?.value;
}

function planStaticRemoval(profile: Profile): AwsEdit[] {
  return (['config', 'credentials'] as const).flatMap((file) =>
    planRemoval(
      profile,
      file,
      STATIC_KEYS.filter((key) => profile[file].has(key)),
    ),
  );
}

function planRemoval(profile: Profile, file: FileKind, keys: readonly string[]): AwsEdit[] {
  if (keys.length === 0) return [];
  // Role profiles may name a section of the config file as their source, so that one stays.
  const isEmptied = file === 'credentials' && keys.length === profile[file].size;
  return [
    isEmptied
      ? { type: 'remove-profile', file, profile: profile.name }
      : { type: 'remove-keys', file, profile: profile.name, keys },
  ];
}

/** In the config file, where it belongs; an older line of ours in the credentials file would win over it. */
function planProcess(profile: Pick<Profile, 'name'> & Partial<Profile>, process: string): AwsEdit[] {
  const { name, credentials, config } = profile;
  return [
    ...(credentials?.has('credential_process') === true
      ? [{ type: 'remove-keys', file: 'credentials', profile: name, keys: ['credential_process'] } as const]
      : []),
    ...(config?.get('credential_process')?.value === process
      ? []
      : [{ type: 'set', file: 'config', profile: name, values: { credential_process: process } } as const]),
  ];
}

function planSettings(own: Profile | undefined, { profile, store, accessKeyId, leftIn }: KeyInStore): AwsEdit[] {
  const wanted = [
    [KEY_STORE_KEY, store],
    [KEY_ID_KEY, accessKeyId],
    ...(leftIn === undefined ? [] : [[KEY_LEFT_IN_KEY, leftIn]]),
  ] as const;
  const values = Object.fromEntries(wanted.filter(([key = '', value]) => own?.config.get(key)?.value !== value));
  const inCredentials = [KEY_STORE_KEY, KEY_ID_KEY].filter((key) => own?.credentials.has(key));
  return [
    ...(inCredentials.length > 0
      ? [{ type: 'remove-keys', file: 'credentials', profile, keys: inCredentials } as const]
      : []),
    ...(Object.keys(values).length > 0 ? [{ type: 'set', file: 'config', profile, values } as const] : []),
  ];
}

type StayReason = ErrorFields['key-stays-visible']['because'];

/** What the AWS CLI or an SDK would take in place of `credential_process`, once no key is there. */
const WINNERS: Readonly<Record<string, StayReason>> = {
  role_arn: 'role',
  login_session: 'login-session',
  sso_account_id: 'sso',
  web_identity_token_file: 'web-identity',
};

function refuseWhatWouldWin({ name, settings }: Profile): void {
  for (const [key, because] of Object.entries(WINNERS)) {
    const setting = settings.get(key);
    if (setting !== undefined) throw staysVisible(name, because, setting.place);
  }
  const process = settings.get('credential_process');
  if (process !== undefined && !isOwnCredentialProcess(process.value)) {
    throw staysVisible(name, 'credential-process', process.place);
  }
}

function refuseDefaults(files: AwsFiles, { secretAccessKey }: PlainKey): void {
  for (const { sections, path } of [files.config, files.credentials]) {
    const entries = sections.flatMap(({ title, entries }) => (title.type === 'defaults' ? entries : []));
    const held = entries.find(({ value }) => value === secretAccessKey);
    if (held !== undefined)
      throw new StepupError('key-stays-visible', { because: 'other-text', path, line: held.at + 1 });
  }
}

/** Looks at the whole texts as they would be: a comment holds a key as well as a line does, and so does `[DEFAULT]`. */
function refuseWhatWouldStay(files: AwsFiles, edits: readonly AwsEdit[], { secretAccessKey }: PlainKey): void {
  const texts = editedTexts(files, edits);
  for (const file of ['config', 'credentials'] as const) {
    const stays = parseDocument(texts[file], file, files.paths[file]).lines.find(({ text }) =>
      text.includes(secretAccessKey),
    );
    if (stays === undefined) continue;
    const at = files[file].lines.findIndex(({ text }) => text === stays.text);
    throw new StepupError('key-stays-visible', { because: 'other-text', path: files.paths[file], line: at + 1 });
  }
}

function staysVisible(profile: string, because: StayReason, { path, line }: Place): StepupError {
  return new StepupError('key-stays-visible', { profile, because, path, line });
}

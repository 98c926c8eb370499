/** What the files and the environment say of where a profile's codes come from. */
import { StepupError } from '../../errors.ts';
import { chooseSource, type SourceChoice } from '../../mfa/choose-source.ts';
import { type CodePlaceName, type FactorsVerdict, judgeFactors, type KeyPlace } from '../../mfa/factors.ts';
import { isSourceName, SOURCE_NAMES, type SourceName } from '../../mfa/sources.ts';
import type { AwsFiles, Setting } from '../../profiles/aws-files.ts';
import { originOf } from '../../profiles/bases.ts';
import { type ResolvedProfile, resolveProfile } from '../../profiles/resolve.ts';
import { splitWords } from '../../profiles/split-words.ts';
import type { Io } from '../io.ts';
import { codePlace } from './place.ts';

export interface CodeSettings {
  readonly base: ResolvedProfile;
  /** Named by a person; undefined: the place decides. */
  readonly source: SourceName | undefined;
  readonly entry: string | undefined;
  readonly program: Setting | undefined;
  readonly mfaProcess: Setting | undefined;
}

/** The profile's own settings before those of the base that it starts from; the environment before both. */
export function codeSettings(io: Pick<Io, 'env'>, files: AwsFiles, profile: string): CodeSettings {
  const resolved = resolveProfile(files, profile, io.env);
  const origin = originOf(resolved);
  const base = origin.type === 'profile' ? resolveProfile(files, origin.name, io.env) : resolved;
  const setting = (key: string): Setting | undefined =>
    [resolved, base].map(({ settings }) => settings.get(key)).find((found) => found?.value);
  const mfaProcess = setting('mfa_process');
  const name = io.env['STEPUP_CODE_SOURCE'] || setting('stepup_code_source')?.value;
  return {
    base,
    source: name === undefined ? mfaProcess && 'mfa_process' : requireSourceName(name),
    entry: io.env['STEPUP_CODE_ENTRY'] || setting('stepup_code_entry')?.value,
    program: setting('stepup_code_program'),
    mfaProcess,
  };
}

/** The source that was named; else what fits the place. */
export function chosenSource(
  io: Pick<Io, 'env' | 'platform'>,
  { source }: CodeSettings,
  hasTerminal: () => boolean,
): SourceChoice | { readonly source: SourceName; readonly because: 'named' } {
  return source === undefined ? chooseSource(codePlace(io, hasTerminal())) : { source, because: 'named' };
}

/** Are key and code apart, if codes come from this source? */
export function factorsVerdict(settings: CodeSettings, source: SourceName, touchless?: boolean): FactorsVerdict {
  const code: CodePlaceName = {
    source,
    program: source === 'mfa_process' ? firstWord(settings.mfaProcess) : undefined,
  };
  return judgeFactors(keyPlace(settings.base), code, touchless);
}

function keyPlace({ credentials, settings }: ResolvedProfile): KeyPlace {
  if (credentials.type !== 'stored-key') return { store: 'credentials file' };
  return { store: credentials.store, program: firstWord(settings.get('stepup_store_read')) };
}

function firstWord(setting: Setting | undefined): string | undefined {
  return setting === undefined ? undefined : splitWords(setting.value)?.[0];
}

function requireSourceName(name: string): SourceName {
  if (isSourceName(name)) return name;
  throw new StepupError('usage', {
    problem: `${name} is no code source`,
    hint: `stepup_code_source and STEPUP_CODE_SOURCE are one of ${SOURCE_NAMES.join(', ')}.`,
  });
}

/**
 * The two factors stay apart: what holds the key must not make the codes as well, and a code that comes with no person
 * there is a factor that any program of the same user has. This is the whole rule; who breaks it is refused where a
 * code is asked for, and `status` and `doctor` say what it finds.
 */
import { basename } from 'node:path';
import type { SourceName } from './sources.ts';

/** Where a key lies: a store's name, and for the store `command` the program that reads it. */
export interface KeyPlace {
  readonly store: string;
  readonly program?: string | undefined;
}

/** Where codes come from: a source's name, and for `mfa_process` the program. */
export interface CodePlaceName {
  readonly source: SourceName;
  readonly program?: string | undefined;
}

export type FactorsVerdict =
  /** A person is needed for the code. */
  | { readonly type: 'apart' }
  /** `place` holds the key and makes the codes. */
  | { readonly type: 'same-store'; readonly place: string }
  /** Any program of the user gets a code from it, if the condition holds. */
  | { readonly type: 'no-person'; readonly unless: 'touch' | 'locked' | undefined };

/** Whether a source answers with nobody there: never, always, or unless something stands before it. */
const ALONE: Readonly<Record<SourceName, FactorsVerdict>> = {
  terminal: { type: 'apart' },
  zenity: { type: 'apart' },
  kdialog: { type: 'apart' },
  osascript: { type: 'apart' },
  powershell: { type: 'apart' },
  ykman: { type: 'no-person', unless: 'touch' },
  pass: { type: 'no-person', unless: 'locked' },
  mfa_process: { type: 'no-person', unless: undefined },
};

/** Programs by the place that they read. Others are a place of their own, by their name. */
const PLACES: Readonly<Record<string, string>> = {
  security: 'keychain',
  'secret-tool': 'keychain',
  gopass: 'pass',
  ykman: 'YubiKey',
};

/** @param touchless what is known of a YubiKey's account; undefined: nothing */
export function judgeFactors(key: KeyPlace, code: CodePlaceName, touchless?: boolean): FactorsVerdict {
  const makes = placeOfCode(code);
  if (makes !== undefined && makes === placeOfKey(key)) return { type: 'same-store', place: makes };
  const verdict = ALONE[code.source];
  if (code.source !== 'ykman' || touchless === undefined) return verdict;
  return touchless ? { type: 'no-person', unless: undefined } : { type: 'apart' };
}

function placeOfKey({ store, program }: KeyPlace): string {
  return store === 'command' && program !== undefined ? placeOfProgram(program) : store;
}

/** Undefined for a person. */
function placeOfCode({ source, program }: CodePlaceName): string | undefined {
  if (source === 'mfa_process') return program === undefined ? undefined : placeOfProgram(program);
  return source === 'pass' || source === 'ykman' ? placeOfProgram(source) : undefined;
}

function placeOfProgram(program: string): string {
  const name = basename(program).replace(/\.exe$/i, '');
  return PLACES[name] ?? name;
}

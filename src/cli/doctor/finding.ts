/** What a check of `stepup doctor` looks at, and what it may say. */
import type { StepupError } from '../../errors.ts';
import type { AwsFilePaths, AwsFiles } from '../../profiles/aws-files.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import type { Io } from '../io.ts';
import { wordError } from '../wording/wording.ts';

/** `warn`: it works, and isn't as it should be. `fail`: it doesn't work, or lets somebody in. */
export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** A sentence without a full stop. Others' names are escaped where it is printed. */
  readonly what: string;
  /** The command, or the edit, that mends it. */
  readonly mend?: string | undefined;
  /** Of a key's age: since when the key is, ISO 8601; null where that is unknown. */
  readonly createdAt?: string | null;
}

export interface Facts {
  readonly io: Io;
  readonly paths: AwsFilePaths;
  /** Without a file that doesn't parse, which has a finding of its own. */
  readonly files: AwsFiles;
  /** The bases that are looked at: all, or the one that was asked for. */
  readonly bases: readonly ResolvedProfile[];
  /** Is this profile one of those that are looked at. */
  readonly concerns: (profile: string) => boolean;
}

export interface Check {
  /** One word or two, for the first column. */
  readonly name: string;
  readonly find: (facts: Facts) => readonly Finding[] | Promise<readonly Finding[]>;
}

export const ok = (what: string): Finding => ({ verdict: 'ok', what });
export const warn = (what: string, mend?: string): Finding => ({ verdict: 'warn', what, mend });
export const fail = (what: string, mend?: string): Finding => ({ verdict: 'fail', what, mend });

/** An error in its own words. */
export function failed(error: StepupError): Finding {
  const { what, why, next } = wordError(error);
  return fail(why === undefined ? what : `${what} (${why})`, next?.replaceAll('\n', ' '));
}

/** Bases whose code stands between the key and the roles. */
export function hasKey({ credentials: { type } }: ResolvedProfile): boolean {
  return type === 'long-term-key' || type === 'stored-key';
}

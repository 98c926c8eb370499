import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { escapeText } from '../terminal/escape.ts';
import type { Io } from './io.ts';

export function profileNames({ env, homeDirectory }: Pick<Io, 'env' | 'homeDirectory'>): readonly string[] {
  return [...readAwsFiles(awsFilePaths(env, homeDirectory)).profiles.keys()];
}

/** One a line. A name that can't be printed as it is can't be completed either. */
export function printableNames(names: readonly string[]): string {
  return names.flatMap((name) => (escapeText(name) === name ? [`${name}\n`] : [])).join('');
}

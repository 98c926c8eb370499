import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { escapeText } from '../terminal/escape.ts';
import type { Io } from './io.ts';

/** The names of profiles, one a line. A name that can't be printed as it is can't be completed either. */
export function profileNames({ env, homeDirectory }: Pick<Io, 'env' | 'homeDirectory'>): string {
  const names = [...readAwsFiles(awsFilePaths(env, homeDirectory)).profiles.keys()];
  return names.flatMap((name) => (escapeText(name) === name ? [`${name}\n`] : [])).join('');
}

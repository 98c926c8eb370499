import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBytes } from '../files/read.ts';
import type { AwsFilePaths } from '../profiles/aws-files.ts';

/** An editor's or a script's copy of the credentials file is small; what is larger isn't one. */
const MOST_BYTES = 1024 * 1024;

/** The files beside the AWS files in which this secret stands as it is: copies that editors and scripts made. */
export function filesThatHold(secret: string, { config, credentials }: AwsFilePaths): readonly string[] {
  return [...new Set([dirname(config), dirname(credentials)])].flatMap((folder) =>
    entriesOf(folder).filter((path) => holds(path, secret)),
  );
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** What can't be read is nobody's copy that we could tell of. */
function holds(path: string, secret: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MOST_BYTES && Buffer.from(readBytes(path) ?? '').includes(secret);
  } catch {
    return false;
  }
}

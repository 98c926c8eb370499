/**
 * Role sessions that the AWS CLI keeps for itself, in `~/.aws/cli/cache`. It looks for them by the arguments of its
 * AssumeRole alone, so a session that is there opens its role without a code, whatever became of the session behind it.
 */
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../files/read.ts';

/** Removes the entries of these roles; answers how many there were. What can't be read or removed is left there. */
export function forgetCachedRoles(folder: string, roleArns: readonly string[]): number {
  const roles = new Set(roleArns.flatMap((arn) => sessionPrefixOf(arn) ?? []));
  return entries(folder).filter((path) => isOfRole(path, roles) && remove(path)).length;
}

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME`: what the ARNs of a role's sessions begin with; a session's has no path. */
function sessionPrefixOf(roleArn: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  return name === undefined ? undefined : `arn:${partition}:sts::${account}:assumed-role/${name}`;
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function isOfRole(path: string, prefixes: ReadonlySet<string>): boolean {
  try {
    const entry: unknown = JSON.parse(readText(path) ?? 'null');
    const arn = (entry as { readonly AssumedRoleUser?: { readonly Arn?: unknown } } | null)?.AssumedRoleUser?.Arn;
    return typeof arn === 'string' && prefixes.has(arn.slice(0, arn.lastIndexOf('/')));
  } catch {
    return false;
  }
}

function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

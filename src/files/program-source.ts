/**
 * May a file name programs for us to run?
 *
 * A file that its user owns and nobody else may change says what the user wants. But a repository can bring a config
 * file of its own and, by `AWS_CONFIG_FILE` or `HOME` in a `.env`, make it ours. So a file outside the trusted folder
 * needs the person's approval once, for this content: path and hash are kept, and a changed file asks again. Where the
 * trusted folder and the approvals are must not come from the environment either.
 */
import { createHash } from 'node:crypto';
import { join, resolve, sep } from 'node:path';
import { editFile } from './edit-file.ts';
import type { LockOptions } from './lock.ts';
import { findOwnershipFault, type PathFault, requireOwnFile } from './modes.ts';
import { isRegularFile, readBytes, readText } from './read.ts';

export interface ProgramSourceRules {
  /** Absolute: `~/.aws` of the account's own home, whatever `HOME` says. */
  readonly trustedFolder: string;
  /** Absolute: the file that approvals are kept in. */
  readonly approvals: string;
}

export type ProgramSource =
  | { readonly type: 'trusted' }
  | { readonly type: 'needs-approval'; readonly path: string; readonly sha256: string }
  | { readonly type: 'refused'; readonly fault: PathFault };

interface Approval {
  readonly path: string;
  readonly sha256: string;
}

/** The rules for this account. @param accountHomeDirectory from the system's user database */
export function programSourceRules(accountHomeDirectory: string): ProgramSourceRules {
  return {
    trustedFolder: join(accountHomeDirectory, '.aws'),
    approvals: join(accountHomeDirectory, '.local', 'state', 'stepup', 'approvals.json'),
  };
}

/**
 * Judges the file as it is now.
 * @throws StepupError `file-system`; `unsafe-path` if others may change the approvals
 */
export function judgeProgramSource(path: string, rules: ProgramSourceRules): ProgramSource {
  const whole = resolve(path);
  // What a shell's pipe leads to has no path, and would count as missing.
  if (!isRegularFile(whole)) return { type: 'refused', fault: { path: whole, problem: 'not-a-regular-file' } };
  const fault = findOwnershipFault(whole);
  if (fault !== undefined) return { type: 'refused', fault };
  if (whole.startsWith(rules.trustedFolder + sep)) return { type: 'trusted' };
  const sha256 = createHash('sha256')
    .update(readBytes(whole) ?? '')
    .digest('hex');
  const isApproved = readApprovals(rules).some((approval) => approval.path === whole && approval.sha256 === sha256);
  return isApproved ? { type: 'trusted' } : { type: 'needs-approval', path: whole, sha256 };
}

/**
 * Keeps the person's approval of this content of this file, in place of an older one.
 * @throws StepupError `file-system`, `lock-timeout`, `unsafe-path`
 */
export async function approveProgramSource(
  approval: Approval,
  rules: ProgramSourceRules,
  lock: LockOptions,
): Promise<void> {
  const add = (text: string): string => {
    const others = parseApprovals(text).filter(({ path }) => path !== approval.path);
    const { path, sha256 } = approval;
    return `${JSON.stringify([...others, { path, sha256 }], undefined, 2)}\n`;
  };
  await editFile({ path: rules.approvals, narrow: true }, add, lock);
}

function readApprovals({ approvals }: ProgramSourceRules): readonly Approval[] {
  const text = readText(approvals);
  if (text === undefined) return [];
  requireOwnFile(approvals);
  return parseApprovals(text);
}

/** A file that isn't what we wrote approves of nothing. */
function parseApprovals(text: string): readonly Approval[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isApproval) : [];
  } catch {
    return [];
  }
}

function isApproval(value: unknown): value is Approval {
  const { path, sha256 } = (value ?? {}) as Partial<Approval>;
  return typeof path === 'string' && typeof sha256 === 'string';
}

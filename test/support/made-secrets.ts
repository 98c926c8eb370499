/**
 * The suite's own watch: tests say which secrets they made and what stepup showed, and at the end of the run
 * `scripts/leaked-secrets.mjs` looks for the ones in the other. Codes are no secrets of this kind (SECURITY.md). Outside
 * of `npm test` nothing is noted.
 */
import { appendFileSync, type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Keys and tokens of made-up accounts, seeds, passphrases. */
export function madeSecrets(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) if (secret !== undefined) note('secrets', secret);
}

export interface Shown {
  /** `the stderr`, `a file of mode 644`. */
  readonly what: string;
  readonly of: string;
  readonly text: string;
}

export function shown(output: Shown): void {
  if (output.text !== '') note('outputs', output);
}

/** What stepup writes is small. */
const MOST_BYTES = 1024 * 1024;

/** Notes each file below the folder that its group or others could read, whatever the modes of the folders above it. */
export function shownFiles(folder: string): void {
  if (process.env['STEPUP_TEST_RUN'] === undefined) return;
  for (const entry of entriesOf(folder)) {
    const path = join(entry.parentPath, entry.name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || (stats.mode & 0o077) === 0 || stats.size > MOST_BYTES) continue;
    const what = `a file of mode ${(stats.mode & 0o777).toString(8)}`;
    shown({ what, of: relative(folder, path), text: textOf(path) });
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A program that ends just now may still take its files away. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

const SECRET_MEMBERS: ReadonlySet<string> = new Set(['SecretAccessKey', 'SessionToken', 'Base32StringSeed']);

/** Notes the secrets of an answer of AWS's, however deep they lie. */
export function secretsOfAnswer(value: unknown): void {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (SECRET_MEMBERS.has(name)) madeSecrets(String(member));
    else secretsOfAnswer(member);
  }
}

/** Notes the secrets of a text in the form of a credentials file. */
export function secretsOfFile(text: string): void {
  for (const [, secret] of text.matchAll(/^aws_(?:secret_access_key|session_token)\s*=\s*(\S+)/gm)) madeSecrets(secret);
}

function note(name: string, value: unknown): void {
  const folder = process.env['STEPUP_TEST_RUN'];
  if (folder) appendFileSync(join(folder, name), `${JSON.stringify(value)}\n`, { mode: 0o600 });
}

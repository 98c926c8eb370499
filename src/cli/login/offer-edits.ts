/** The offer to change other lines of the AWS files: shown once, as a diff, and made only if the person says yes. */
import { type AwsFilePaths, type AwsFiles, readAwsFiles } from '../../profiles/aws-files.ts';
import { diffEdits, type FileDiff } from '../../profiles/edit-diff.ts';
import { type AwsEdit, updateAwsFiles } from '../../profiles/update.ts';
import type { PersonTerminal } from '../../terminal/controlling.ts';
import { escapeText } from '../../terminal/escape.ts';
import { type Style, styleFor } from '../../terminal/style.ts';
import type { Io } from '../io.ts';
import { memoryFile } from '../memory-file.ts';
import { ownFolders } from '../own-folders.ts';

const LOCK_WAIT_MS = 20_000;

export interface EditOffer {
  /** The name of the file in which a "no" is remembered. */
  readonly declined: string;
  /** The role profiles that would change, and the base that they name now: what a "no" is remembered for. */
  readonly roles: readonly string[];
  readonly base: string;
  /** What is said above the diff, and the question below it. */
  readonly heading: string;
  readonly question: string;
  readonly during: string;
  readonly plan: (files: AwsFiles, roles: readonly string[]) => readonly AwsEdit[];
  /** What is said where nobody can be asked. */
  readonly unasked: (diff: () => string, roles: readonly string[]) => string;
}

/** Without a terminal it is only said. */
export async function offerEdits(
  io: Io,
  paths: AwsFilePaths,
  offer: EditOffer,
  terminal: PersonTerminal | undefined,
): Promise<void> {
  const memory = memoryFile(`${ownFolders(io).state}/${offer.declined}`);
  const nameOf = (role: string): string => `${paths.config} ${role}`;
  const roles = offer.roles.filter((role) => memory.recall(nameOf(role)) !== offer.base);
  if (roles.length === 0) return;
  const diff = (style: Style) => (): string => {
    const files = readAwsFiles(paths);
    return diffEdits(files, offer.plan(files, roles))
      .map((file) => diffText(file, style))
      .join('');
  };
  if (terminal === undefined) {
    io.stderr.write(offer.unasked(diff(styleFor(io.stderr, io.env)), roles));
    return;
  }
  const shown = diff(styleFor(terminal.output, io.env))();
  terminal.output.write(`\n${offer.heading}\n${shown}\n`);
  const { askYesNo } = await import('../../terminal/prompt.ts');
  const { question: message, during } = offer;
  if (!(await askYesNo(terminal, { message, default: true, during, signal: io.interrupted }))) {
    for (const role of roles) memory.remember(nameOf(role), offer.base);
    return;
  }
  await updateAwsFiles(paths, (fresh) => offer.plan(fresh, roles), { program: 'stepup login', waitMs: LOCK_WAIT_MS });
  io.stderr.write(`${styleFor(io.stderr, io.env).green('✓')} Changed: ${roles.map(escapeText).join(', ')}\n`);
}

function diffText({ path, hunks }: FileDiff, style: Style): string {
  const lines = hunks.flatMap(({ oldStart, newStart, lines }) => [
    style.cyan(`@@ line ${oldStart}${oldStart === newStart ? '' : ` → ${newStart}`} @@`),
    ...lines.map(({ type, text }) => {
      const shown = escapeText(text);
      if (type === 'removed') return style.red(`-${shown}`);
      return type === 'added' ? style.green(`+${shown}`) : ` ${shown}`;
    }),
  ]);
  return [`  ${escapeText(path)}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

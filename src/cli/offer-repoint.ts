/** The offer to let role profiles start from the session: shown once, as a diff, and made only if the person says yes. */
import { type AwsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { diffEdits, type FileDiff } from '../profiles/edit-diff.ts';
import { updateAwsFiles } from '../profiles/update.ts';
import type { LoginSession } from '../sessions/login.ts';
import { planRepointToSession } from '../sessions/repoint.ts';
import type { PersonTerminal } from '../terminal/controlling.ts';
import { escapeText } from '../terminal/escape.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import type { Io } from './io.ts';
import { memoryFile } from './memory-file.ts';
import { ownFolders } from './own-folders.ts';

const LOCK_WAIT_MS = 20_000;

/** `names`: role profiles that name the base. Without a terminal they are only named. A "no" is remembered. */
export async function offerRepoint(
  io: Io,
  paths: AwsFilePaths,
  { base, profile }: LoginSession,
  names: readonly string[],
  terminal: PersonTerminal | undefined,
): Promise<void> {
  const memory = memoryFile(`${ownFolders(io).state}/repoint-declined.json`);
  const open = names.filter((name) => memory.recall(memoryName(paths, name)) !== base);
  if (open.length === 0) return;
  if (terminal === undefined) {
    const shown = open.map(escapeText).join(', ');
    io.stderr.write(
      `  Role profiles that start from the long-term key instead (source_profile = ${escapeText(base)}): ${shown}\n`,
    );
    return;
  }
  const files = readAwsFiles(paths);
  const style = styleFor(terminal.output, io.env);
  terminal.output.write(
    `\nThese role profiles start from the long-term key of ${escapeText(base)}, past the session:\n${diffEdits(
      files,
      planRepointToSession(files, open, base, profile),
    )
      .map((diff) => diffText(diff, style))
      .join('')}\n`,
  );
  const { askYesNo } = await import('../terminal/prompt.ts');
  const agreed = await askYesNo(terminal, {
    message: `Let them start from ${escapeText(profile)}?`,
    default: true,
    during: 'the offer to change role profiles; the session is there',
    signal: io.interrupted,
  });
  if (!agreed) {
    for (const name of open) memory.remember(memoryName(paths, name), base);
    return;
  }
  await updateAwsFiles(paths, (fresh) => planRepointToSession(fresh, open, base, profile), {
    program: 'stepup login',
    waitMs: LOCK_WAIT_MS,
  });
  io.stderr.write(`${styleFor(io.stderr, io.env).green('✓')} Changed: ${open.map(escapeText).join(', ')}\n`);
}

function memoryName({ config }: AwsFilePaths, profile: string): string {
  return `${config} ${profile}`;
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

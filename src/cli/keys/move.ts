/** `stepup keys move`: the key leaves the plain-text file for a store, or one store for another, or comes back. */
import { filesThatHold } from '../../keys/files-that-hold.ts';
import { type MoveOutcome, moveKey } from '../../keys/move-key.ts';
import { readAwsFiles } from '../../profiles/aws-files.ts';
import { resolveProfile } from '../../profiles/resolve.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { keyPorts, namedProfile, targetKind } from './ports.ts';

export interface KeysMoveOptions {
  readonly to?: string;
  readonly replace?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function keysMoveCommand(io: Io, profile: string | undefined, options: KeysMoveOptions): Promise<number> {
  const ports = keyPorts(io);
  const name = namedProfile(profile, io.env);
  const { settings } = resolveProfile(readAwsFiles(ports.paths), name, io.env);
  const to = await targetKind(io, settings, options.to, '--to');
  const outcome = await moveKey({ profile: name, to, mayReplace: options.replace ?? false }, ports);
  const others = filesThatHold(outcome.key.secretAccessKey, ports.paths);
  io.stderr.write(outcomeText(io, name, outcome, to === 'file' ? [] : others));
  return ExitCode.done;
}

function outcomeText(io: Io, profile: string, outcome: MoveOutcome, others: readonly string[]): string {
  const { from, to, key, cleared, narrowed } = outcome;
  const style = styleFor(io.stderr, io.env);
  const shown = escapeText(profile);
  const which = `The key of ${style.bold(shown)} (…${escapeText(key.accessKeyId.slice(-4))})`;
  if (from === to) return `${which} is in ${placeOf(to)} already.\n`;
  const also = cleared.filter((name) => name !== profile).map(escapeText);
  const lines = [
    `${style.green('✓')} ${which} is in ${placeOf(to)} now, and no longer in ${placeOf(from)}.`,
    ...(also.length > 0
      ? [`  It stood in ${also.join(', ')} as well: these serve the MFA session of ${shown} now.`]
      : []),
    ...(narrowed === undefined ? [] : [`  Others could read ${escapeText(narrowed)}; now only you can (mode 0600).`]),
    ...(to === 'file'
      ? ['  Whoever reads that file has the key.']
      : [`  aws --profile ${shown} gets the MFA session, never the key: stepup login ${shown}`]),
    ...others.map((path) => `  ${style.yellow('!')} ${escapeText(path)} still holds the key: delete it.`),
    ...(from === 'file'
      ? [`  Backups of the file may hold it for ever: stepup keys rotate ${shown} makes that copy worthless.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function placeOf(store: string): string {
  return store === 'file' ? 'the AWS files' : `the ${escapeText(store)} store`;
}

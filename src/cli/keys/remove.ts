/** `stepup keys remove`: forgets a long-term key here, after the person has said so. */
import { StepupError } from '../../errors.ts';
import { type KeyToRemove, keyToRemove } from '../../keys/remove-key.ts';
import { escapeText } from '../../terminal/escape.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { keyPorts, namedProfile } from './ports.ts';

export interface KeysRemoveOptions {
  readonly yes?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function keysRemoveCommand(
  io: Io,
  profile: string | undefined,
  options: KeysRemoveOptions,
): Promise<number> {
  const key = keyToRemove(namedProfile(profile, io.env), keyPorts(io));
  if (options.yes !== true && !(await agrees(io, key))) {
    io.stderr.write('Nothing was removed.\n');
    return ExitCode.failed;
  }
  await key.remove();
  io.stderr.write(
    [
      `The ${describe(key)} is removed here.`,
      '  AWS goes on honouring it, whoever has a copy, until it is deactivated or deleted in IAM.',
      '',
    ].join('\n'),
  );
  return ExitCode.done;
}

async function agrees(io: Io, key: KeyToRemove): Promise<boolean> {
  const terminal = io.openTerminal();
  if (terminal === undefined) {
    const command = ['stepup', 'keys', 'remove', key.profile, '--yes'];
    throw new StepupError('no-terminal', { question: 'your consent', command });
  }
  try {
    const { askYesNo } = await import('../../terminal/prompt.ts');
    return await askYesNo(terminal, {
      message: `Remove the ${describe(key)}? There may be no other copy of it.`,
      default: false,
      during: 'the question whether to remove the key',
      signal: io.interrupted,
    });
  } finally {
    terminal.close();
  }
}

function describe({ profile, from, accessKeyId }: KeyToRemove): string {
  const which = accessKeyId === undefined ? '' : ` (…${escapeText(accessKeyId.slice(-4))})`;
  return `key of ${escapeText(profile)}${which} in ${from === 'file' ? 'the AWS files' : `the ${escapeText(from)} store`}`;
}

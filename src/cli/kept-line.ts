/** The command lines that the short way takes, and no others: no parser of command lines is loaded for them. */

export type KeptLine =
  | { readonly type: 'credentials'; readonly profile: string; readonly format: string }
  | {
      readonly type: 'command';
      readonly profile: string;
      readonly command: string;
      readonly args: readonly string[];
    }
  /** `completion profiles`. */
  | { readonly type: 'profiles' };

/** @returns undefined for a line that is for the whole program */
export function readKeptLine([command, ...args]: readonly string[]): KeptLine | undefined {
  switch (command) {
    case 'credentials':
      return readCredentialsLine(args);
    case 'exec':
      return readExecLine(args);
    case 'completion':
      return args.length === 1 && args[0] === 'profiles' ? { type: 'profiles' } : undefined;
    default:
      return undefined;
  }
}

/** `PROFILE`, and before or behind it `--format FORMAT` and `--no-prompt`. */
function readCredentialsLine(args: readonly string[]): KeptLine | undefined {
  let profile: string | undefined;
  let format: string | undefined = 'process';
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--no-prompt') continue;
    if (word === '--format') {
      index += 1;
      format = args[index];
    } else if (profile === undefined && !word.startsWith('-')) {
      profile = word;
    } else {
      return undefined;
    }
  }
  return profile === undefined || format === undefined ? undefined : { type: 'credentials', profile, format };
}

/** `PROFILE -- CMD…`: without options, and with a command. */
function readExecLine([profile, dashes, command, ...args]: readonly string[]): KeptLine | undefined {
  if (profile === undefined || profile.startsWith('-') || dashes !== '--' || command === undefined) return undefined;
  return { type: 'command', profile, command, args };
}

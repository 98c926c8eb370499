/**
 * Completion scripts, made from the same definitions as `--help`: what a command takes is said once. Commands and
 * options stand in the script; names of profiles are asked for when they are wanted (`stepup completion profiles`).
 */
import type { Argument, Command, Option } from 'commander';
import { StepupError } from '../../errors.ts';

export const completionShells = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof completionShells)[number];

/** What can stand at a place: one of these words, a profile's name, or a file. */
type Values = { readonly type: 'words'; readonly words: readonly string[] } | { readonly type: 'profile' | 'file' };

interface CompletedOption {
  readonly flags: readonly string[];
  readonly description: string;
  /** Absent for an option without a value. */
  readonly values?: Values;
}

interface CompletedCommand {
  /** `keys add` for a command of a command. */
  readonly path: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly argument?: Values;
  readonly children: readonly string[];
}

/** The script for a shell. @throws StepupError `usage` for a shell that has none */
export function completionScript(shell: string, program: Command): string {
  const commands = collect(program, '');
  const scripts: Readonly<Record<CompletionShell, () => string>> = {
    bash: () => bashScript(commands),
    zsh: () => zshScript(commands),
    fish: () => fishScript(commands),
  };
  const script = completionShells.find((name) => name === shell);
  if (script === undefined) {
    throw new StepupError('usage', {
      problem: `There are no completions for ${shell}`,
      hint: `Those for ${completionShells.join(', ')} exist.`,
    });
  }
  return scripts[script]();
}

function collect(command: Command, path: string): CompletedCommand[] {
  const children = command.commands.filter((child) => !isHidden(child));
  const argument = command.registeredArguments[0];
  const values = argument === undefined ? undefined : argumentValues(argument);
  const own: CompletedCommand = {
    path,
    description: command.description(),
    options: command.options.filter((option) => !option.hidden).map(completedOption),
    children: children.map((child) => child.name()),
    ...(values !== undefined && { argument: values }),
  };
  return [own, ...children.flatMap((child) => collect(child, `${path} ${child.name()}`.trim()))];
}

/** commander keeps this to itself, but its help leaves hidden commands out. */
function isHidden(command: Command): boolean {
  return '_hidden' in command && command._hidden === true;
}

function completedOption(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
  const takesValue = option.required || option.optional;
  return {
    flags,
    description: option.description,
    ...(takesValue && { values: valuesOf(option.flags, option.argChoices) }),
  };
}

function argumentValues(argument: Argument): Values {
  return valuesOf(argument.name(), argument.argChoices);
}

function valuesOf(text: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { type: 'words', words: choices };
  return { type: /profile/i.test(text) ? 'profile' : 'file' };
}

/** The two `case` bodies that bash and zsh share: what a command takes, and what an option's value is. */
function posixRows(commands: readonly CompletedCommand[]): { readonly takes: string; readonly values: string } {
  const takes = commands.map(({ path, children, options, argument }) => {
    const flags = options.flatMap((option) => option.flags).join(' ');
    const rest = argument === undefined ? '' : ` rest='${kindOf(argument)}'`;
    return `    '${path}') names='${children.join(' ')}' flags='${flags}'${rest} ;;`;
  });
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap((option) =>
      option.values === undefined
        ? []
        : option.flags.map((flag) => `    '${path} ${flag}') value='${kindOf(option.values as Values)}' ;;`),
    ),
  );
  return { takes: takes.join('\n'), values: values.join('\n') };
}

function pathPatterns(commands: readonly CompletedCommand[]): string {
  return commands.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join(' | ');
}

/** Names of profiles are others' words: they are compared and quoted, and never expanded (`compgen -W` would). */
function bashScript(commands: readonly CompletedCommand[]): string {
  const { takes, values } = posixRows(commands);
  return `_stepup_values() {
  local name
  case "$1" in
    profile)
      while IFS= read -r name; do
        case "$name" in "$2"*) COMPREPLY+=("$(printf '%q' "$name")") ;; esac
      done < <(command stepup completion profiles 2>/dev/null) ;;
    file) compopt -o default 2>/dev/null ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
  esac
}
_stepup() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous='' path='' word names='' flags='' rest='' value='' index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [ "$word" = -- ]; then compopt -o default 2>/dev/null; return; fi
    case "\${path:+$path }$word" in ${pathPatterns(commands)}) path="\${path:+$path }$word" ;; esac
    previous="$word"
  done
  case "$path $previous" in
${values}
  esac
  if [ -n "$value" ]; then _stepup_values "$value" "$current"; return; fi
  case "$path" in
${takes}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) _stepup_values "\${rest:-$names}" "$current" ;;
  esac
}
complete -F _stepup stepup
`;
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const { takes, values } = posixRows(commands);
  return `#compdef stepup
_stepup_values() {
  case "$1" in
    profile) local -a profiles; profiles=("\${(@f)$(command stepup completion profiles 2>/dev/null)}"); compadd -a profiles ;;
    file) _files ;;
    *) compadd -- \${=1} ;;
  esac
}
_stepup() {
  local previous='' command_path='' word names='' flags='' rest='' value='' index
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    if [[ "$word" == -- ]]; then _normal; return; fi
    case "\${command_path:+$command_path }$word" in
      ${pathPatterns(commands)}) command_path="\${command_path:+$command_path }$word" ;;
    esac
    previous="$word"
  done
  case "$command_path $previous" in
${values}
  esac
  if [[ -n "$value" ]]; then _stepup_values "$value"; return; fi
  case "$command_path" in
${takes}
  esac
  if [[ "$PREFIX" == -* ]]; then compadd -- \${=flags}; else _stepup_values "\${rest:-$names}"; fi
}
compdef _stepup stepup
`;
}

function kindOf(values: Values): string {
  return values.type === 'words' ? values.words.join(' ') : values.type;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const condition = fishCondition(command);
    const children = command.children.map((name) => {
      const path = `${command.path} ${name}`.trim();
      const description = commands.find((child) => child.path === path)?.description ?? '';
      return `complete -c stepup -n ${fishWord(condition)} -f -a ${fishWord(name)} -d ${fishWord(description)}`;
    });
    const options = command.options.map(({ flags, description, values }) => {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `complete -c stepup -n ${fishWord(condition)} ${names.join(' ')}${fishValues(values)} -d ${fishWord(description)}`;
    });
    const argument =
      command.argument === undefined
        ? []
        : [`complete -c stepup -n ${fishWord(condition)}${fishArgument(command.argument)}`];
    return [...children, ...options, ...argument];
  });
  return `${lines.join('\n')}\n`;
}

function fishCondition({ path, children }: CompletedCommand): string {
  if (path === '') return '__fish_use_subcommand';
  const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`);
  const none = children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${children.join(' ')}`];
  return [...seen, ...none].join('; and ');
}

function fishValues(values: Values | undefined): string {
  if (values === undefined) return '';
  return values.type === 'file' ? ' -r -F' : ` -x -a ${fishWord(fishWords(values))}`;
}

function fishArgument(values: Values): string {
  return values.type === 'file' ? ' -F' : ` -f -a ${fishWord(fishWords(values))}`;
}

function fishWords(values: Values): string {
  return values.type === 'words' ? values.words.join(' ') : '(command stepup completion profiles 2>/dev/null)';
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

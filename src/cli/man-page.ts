/** The manual page, made from the same definitions as `--help`: what a command takes is said once. man(7) macros. */
import type { Argument, Command, Option } from 'commander';
import { examplesOf } from './definitions/define.ts';

const EXIT_CODES = [
  ['0', 'Done.'],
  ['1', 'Failed.'],
  ['2', 'The command line is wrong.'],
  ['3', 'Findings at or above the level that was asked for.'],
  ['4', 'Somebody must be asked, and there is no terminal to ask on.'],
  ['5', 'AWS refused.'],
] as const;

const FILES = [
  ['~/.aws/config, ~/.aws/credentials', "The AWS files. Only the keys that are stepup's are ever changed."],
  ['~/.config/stepup', "stepup's own configuration (XDG_CONFIG_HOME)."],
  ['~/.cache/stepup, ~/.local/state/stepup', 'What it keeps, and may lose (XDG_CACHE_HOME, XDG_STATE_HOME).'],
] as const;

/** @param program the whole command tree */
export function manPage(program: Command, version: string): string {
  const help = program.createHelp();
  const parts = [
    `.TH STEPUP 1 "" "stepup ${roff(version)}" "User commands"`,
    '.SH NAME',
    `stepup \\- ${roff(lowerFirst(program.description()))}`,
    '.SH SYNOPSIS',
    '.B stepup',
    '.RI [ options ]',
    '.I command',
    '.RI [ arguments ]',
    '.SH OPTIONS',
    ...help.visibleOptions(program).flatMap(optionLines),
    '.SH COMMANDS',
    ...help.visibleCommands(program).flatMap((command) => commandLines(command, 'stepup')),
    '.SH EXIT STATUS',
    ...definitions(EXIT_CODES),
    'Otherwise that of the program that was run.',
    '.SH FILES',
    ...definitions(FILES),
    '.SH EXAMPLES',
    ...exampleLines(program),
    '.SH SEE ALSO',
    '.BR aws (1)',
  ];
  return `${parts.join('\n')}\n`;
}

function commandLines(command: Command, parent: string): readonly string[] {
  const help = command.createHelp();
  const name = `${parent} ${command.name()}`;
  const children = help.visibleCommands(command);
  const words = command.registeredArguments.map(argumentWord);
  const examples = exampleLines(command);
  return [
    `.SS "${roff([name, ...words].join(' '))}"`,
    roff(sentence(command.description())),
    ...command.registeredArguments.flatMap(argumentLines),
    ...help.visibleOptions(command).filter(isNoHelp).flatMap(optionLines),
    ...(examples.length === 0 ? [] : ['.PP', 'Examples:', ...examples]),
    ...children.flatMap((child) => commandLines(child, name)),
  ];
}

function isNoHelp({ long }: Option): boolean {
  return long !== '--help';
}

function argumentWord(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentLines(argument: Argument): readonly string[] {
  if (argument.description === '') return [];
  return definitions([[argument.name(), withChoices(argument.description, argument.argChoices)]]);
}

function optionLines(option: Option): readonly string[] {
  return definitions([[option.flags, withChoices(option.description, option.argChoices)]]);
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? sentence(description) : `${sentence(description)} One of: ${choices.join(', ')}.`;
}

function definitions(rows: readonly (readonly [term: string, says: string])[]): readonly string[] {
  return rows.flatMap(([term, says]) => ['.TP', `.B ${roff(term)}`, roff(says)]);
}

function exampleLines(command: Command): readonly string[] {
  return examplesOf(command).flatMap(([line, does], index) => [
    ...(index === 0 ? [] : ['.PP']),
    '.nf',
    '.RS 4',
    ...line.split('\n').map(roff),
    '.RE',
    '.fi',
    '.RS 8',
    roff(sentence(does)),
    '.RE',
  ]);
}

/** Text of man(7): a backslash and a hyphen are its own, and so is a line that begins with a dot or an apostrophe. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replace(/^([.'])/, '\\&$1');
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

function lowerFirst(text: string): string {
  return (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, '');
}

import type { Command } from 'commander';
import type { Io } from '../io.ts';

/**
 * Defines one command: its name, options and examples. Its action imports the command's own file, and gives `done` the
 * exit code.
 */
export type Define = (program: Command, io: Io, done: (exitCode: number) => void) => void;

export type Example = readonly [command: string, does: string];

const examplesByCommand = new WeakMap<Command, readonly Example[]>();

/** What {@link withExamples} gave the command, for the manual page. */
export function examplesOf(command: Command): readonly Example[] {
  return examplesByCommand.get(command) ?? [];
}

/** Puts examples at the end of a command's help. */
export function withExamples(command: Command, examples: readonly Example[]): void {
  examplesByCommand.set(command, examples);
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

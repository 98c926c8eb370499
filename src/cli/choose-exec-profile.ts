/** Which profile `exec` runs with when none is named: the person chooses. */
import { StepupError } from '../errors.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { escapeText } from '../terminal/escape.ts';
import type { Io } from './io.ts';

/** @throws StepupError `no-terminal` where nobody can choose, `interrupted` */
export async function chooseExecProfile(io: Io): Promise<string> {
  const names = [...readAwsFiles(awsFilePaths(io.env, io.homeDirectory)).profiles.keys()];
  const terminal = names.length === 0 ? undefined : io.openTerminal();
  if (terminal === undefined) {
    throw new StepupError('no-terminal', { question: 'a profile', command: ['stepup', 'exec', 'PROFILE'] });
  }
  try {
    const { askChoice } = await import('../terminal/prompt.ts');
    return await askChoice(terminal, {
      message: 'Run with which profile?',
      choices: names.map((name) => ({ name: escapeText(name), value: name })),
      during: 'the choice of a profile',
      signal: io.interrupted,
    });
  } finally {
    terminal.close();
  }
}

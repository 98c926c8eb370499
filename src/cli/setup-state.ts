/** The state that `stepup setup` is to bring about: from a file, or from the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StepupError } from '../errors.ts';
import type { DesiredState } from '../guardrails/desired-state.ts';
import { readDesiredState } from '../guardrails/read-desired-state.ts';
import type { Io } from './io.ts';

const DEFAULT_FILE = 'stepup.yaml';

export interface SetupSource {
  readonly file: string;
  readonly state: DesiredState;
}

/** Where the file is: `--file`, else `stepup.yaml` here. */
function setupFilePath(io: Io, file: string | undefined): string {
  return resolve(io.cwd, file ?? DEFAULT_FILE);
}

/** Reads it. Throws StepupError `usage` where there is none, `setup-file`, `file-system`. */
export function readSetup(io: Io, file: string | undefined): SetupSource {
  const path = setupFilePath(io, file);
  if (file === undefined && !existsSync(path)) {
    throw new StepupError('usage', {
      problem: `there is no ${DEFAULT_FILE} here, and no --file`,
      hint: 'Name a file (docs/setup.md), or say it here: stepup setup --user alice --role ops --managed ARN --profile admin',
    });
  }
  return { file: path, state: readDesiredState(readFileSync(path, 'utf8'), file ?? DEFAULT_FILE) };
}

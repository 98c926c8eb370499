/** `stepup setup adopt`: an account as it is, as `stepup.yaml`. Changes nothing in the account. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pauseUnless } from '../../aws/patience.ts';
import { StepupError } from '../../errors.ts';
import { writeNewFile } from '../../files/write-new.ts';
import { readWholeAccount } from '../../guardrails/account-access.ts';
import { adoptAccount } from '../../guardrails/adopt/account.ts';
import { printSetupFile } from '../../guardrails/desired-state/print-setup-file.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { adoptedText } from './adopt-text.ts';
import { type AdminOptions, setupConnections } from './connections.ts';
import { DEFAULT_FILE } from './state.ts';

export interface SetupAdoptOptions extends AdminOptions {
  readonly output?: string;
  /** These belong to a user's. */
  readonly into?: string;
  readonly undo?: boolean;
}

/** Runs the command. Throws StepupError. */
export async function setupAdoptCommand(io: Io, options: SetupAdoptOptions): Promise<number> {
  const { profile, output = DEFAULT_FILE } = options;
  if (options.into !== undefined || options.undo === true) {
    throw new StepupError('usage', {
      problem: '--into and --undo are about a user',
      hint: 'As in: stepup setup adopt alice --into ops',
    });
  }
  if (profile === undefined) {
    throw new StepupError('usage', {
      problem: 'no profile says which account to read',
      hint: 'As in: stepup setup adopt --profile admin',
    });
  }
  const path = output === '-' ? undefined : resolve(io.cwd, output);
  if (path !== undefined && existsSync(path)) throw new StepupError('setup-file-there', { path });
  const account = { label: 'main', accountId: '', partition: 'aws', trustQuota: 0, profile };
  const connections = await setupConnections(io, options)(account);
  const patience = { now: io.now, pause: pauseUnless(io.interrupted, 'the setup') };
  const adopted = adoptAccount(await readWholeAccount(connections, patience), profile);
  const text = printSetupFile(adopted.file);
  io.stderr.write(adoptedText(adopted, styleFor(io.stderr, io.env)));
  if (path === undefined) io.stdout.write(text);
  else {
    if (!writeNewFile(path, text)) throw new StepupError('setup-file-there', { path });
    const file = options.output === undefined ? '' : ` --file ${output}`;
    io.stderr.write(`${escapeText(path)} says it. Read it, then: stepup setup --plan-only${escapeText(file)}\n`);
  }
  return ExitCode.done;
}

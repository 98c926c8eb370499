/** `stepup init SHELL`: the function `sup`, and the code that it evaluates. */
import { childProfileOf } from '../delivery/environment.ts';
import { enterCode, type InitShell, initCode, leaveCode } from '../delivery/shell-code.ts';
import { brokerFor } from './broker-for.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

export interface InitOptions {
  readonly enter?: string;
  readonly leave?: boolean;
  /** False with `--no-prompt`. */
  readonly prompt?: boolean;
}

export async function initCommand(io: Io, shell: InitShell, options: InitOptions): Promise<number> {
  io.stdout.write(await codeFor(io, shell, options));
  return ExitCode.done;
}

async function codeFor(io: Io, shell: InitShell, { enter, leave, prompt }: InitOptions): Promise<string> {
  if (leave === true) return leaveCode(shell, io.env);
  if (enter === undefined) return initCode(shell);
  const broker = await brokerFor(io);
  const granted = await broker.credentialsFor({ profile: enter, mayAsk: prompt !== false });
  return enterCode(shell, childProfileOf(granted), granted.credentials, io.env);
}

/** `stepup credentials PROFILE`: credentials as text, for `credential_process` and for shells. */
import { type CredentialFormat, formatCredentials } from '../delivery/formats.ts';
import { brokerFor } from './broker-for.ts';
import { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { readSpan } from './span.ts';

export interface CredentialsOptions {
  readonly format: CredentialFormat;
  readonly minLeft?: string;
  readonly longTerm?: boolean;
  /** False with `--no-prompt`. */
  readonly prompt?: boolean;
}

export async function credentialsCommand(io: Io, profile: string, options: CredentialsOptions): Promise<number> {
  const broker = await brokerFor(io);
  const { credentials } = await broker.credentialsFor({
    profile,
    mayAsk: options.prompt !== false,
    ...(options.minLeft !== undefined && { minLeftSeconds: readSpan('--min-left', options.minLeft) }),
    ...(options.longTerm === true && { longTerm: true }),
  });
  io.stdout.write(formatCredentials(options.format, credentials));
  return ExitCode.done;
}

/** Data on stdout, all else on stderr: how a command prints either. */
import type { Io } from './io.ts';

export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

export function say(io: Io, line: string): void {
  io.stderr.write(`${line}\n`);
}

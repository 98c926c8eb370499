import { StepupError } from '../errors.ts';

/** `--port` of a command that listens; 0, also if it isn't given, takes a port that is free. Throws StepupError `usage`. */
export function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new StepupError('usage', { problem: '--port takes a number from 0 to 65535' });
  return port;
}

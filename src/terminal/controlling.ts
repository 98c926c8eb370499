/**
 * The terminal that the person sits at. Under `credential_process`, pipes and redirections neither stdin nor stderr
 * need be it, and a prompt must be seen all the same: so it is opened by its own name.
 */
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { ReadStream, WriteStream } from 'node:tty';
import { openPolledInput, type PolledInput } from './polled-input.ts';

export interface PersonTerminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly close: () => void;
}

interface Streams {
  readonly stdin: PersonTerminal['input'];
  readonly stderr: PersonTerminal['output'];
}

const DEVICES: Readonly<Record<string, { readonly input: string; readonly output: string }>> = {
  win32: { input: '\\\\.\\CONIN$', output: '\\\\.\\CONOUT$' },
};
const UNIX_DEVICE = { input: '/dev/tty', output: '/dev/tty' };

/**
 * Opens the controlling terminal; undefined if this process has none. Without the right to open it, stdin and stderr
 * will do if both are terminals.
 */
export function openPersonTerminal(platform: NodeJS.Platform, { stdin, stderr }: Streams): PersonTerminal | undefined {
  const device = DEVICES[platform] ?? UNIX_DEVICE;
  const fds: number[] = [];
  try {
    const outputFd = openSync(device.output, 'r+');
    fds.push(outputFd);
    const input = openInput(platform, device.input, fds);
    const output = new WriteStream(outputFd);
    return {
      input,
      output,
      close: () => {
        input.setRawMode(false);
        input.destroy();
        output.destroy();
      },
    };
  } catch {
    for (const fd of fds) closeQuietly(fd);
    if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
    return { input: stdin, output: stderr, close: () => stdin.pause() };
  }
}

function openInput(platform: NodeJS.Platform, device: string, fds: number[]): PolledInput | ReadStream {
  if (process.versions['bun'] !== undefined && platform !== 'win32') return openPolledInput(device);
  const fd = openSync(device, 'r+');
  fds.push(fd);
  return new ReadStream(fd);
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // A stream that failed half-way has closed it.
  }
}

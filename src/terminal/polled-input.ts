/**
 * A terminal's input for a runtime whose own stream of it can't be let go: in bun, a read that has begun goes on after
 * `destroy`, keeps the process alive, and takes the next key from whoever it is meant for. This one never has a read
 * going on: it looks, many times a second, whether there is something.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadStream } from 'node:tty';

/** Nobody feels less than this. */
const PAUSE_MS = 15;

export interface PolledInput extends Readable {
  readonly isTTY: true;
  setRawMode(isRaw: boolean): void;
}

/** @throws what `open` throws where there is no such terminal */
export function openPolledInput(device: string): PolledInput {
  const fd = openSync(device, constants.O_RDWR | constants.O_NONBLOCK);
  // Never read from: it knows how to set the mode.
  const modes = new ReadStream(fd);
  const chunk = Buffer.alloc(1024);
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    // Paused between two questions: what is typed then is somebody else's.
    if (input.isPaused()) {
      timer = setTimeout(look, PAUSE_MS);
      return;
    }
    try {
      const length = readSync(fd, chunk);
      input.push(length === 0 ? null : Buffer.from(chunk.subarray(0, length)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') timer = setTimeout(look, PAUSE_MS);
      else input.destroy(error as Error);
    }
  };
  const stream = new Readable({
    read: () => {
      clearTimeout(timer);
      look();
    },
    destroy: (error, done) => {
      clearTimeout(timer);
      closeSync(fd);
      done(error);
    },
  });
  const input = Object.assign(stream, {
    isTTY: true as const,
    setRawMode: (isRaw: boolean) => {
      modes.setRawMode(isRaw);
    },
  });
  return input;
}

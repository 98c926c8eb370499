/** A terminal whose screen is collected and whose keys the test presses. */
import { PassThrough, Writable } from 'node:stream';
import type { PersonTerminal } from '../../src/terminal/controlling.ts';

export interface FakeTerminal extends PersonTerminal {
  readonly screen: () => string;
  readonly press: (keys: string) => void;
  readonly hangUp: () => void;
  /** Resolves when this text has been shown since the last wait. */
  readonly shows: (text: string) => Promise<void>;
}

const WAIT_MS = 5000;

export function fakeTerminal(): FakeTerminal {
  const input = new PassThrough();
  let screen = '';
  let read = 0;
  const output = new Writable({
    write(chunk, _encoding, done) {
      screen += String(chunk);
      done();
    },
  });
  return {
    input,
    output: Object.assign(output, { columns: 120 }),
    close: () => undefined,
    screen: () => screen,
    press: (keys) => {
      input.write(keys);
    },
    hangUp: () => {
      input.end();
    },
    shows: async (text) => {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const at = screen.indexOf(text, read);
        if (at !== -1) {
          read = at + text.length;
          return;
        }
        if (Date.now() > deadline) throw new Error(`not shown: ${text}\n${screen}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

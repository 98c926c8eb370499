import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { handleTogether, sendTogether } from './turn.ts';

const fails = (): never => {
  throw new Error('odd');
};

it('handles all before it sends any, and goes on where one fails', async () => {
  const log: string[] = [];
  const say = (text: string) => () => void log.push(text);
  for (const n of [1, 2, 3]) {
    const send = n === 2 ? fails : say(`sent ${n}`);
    const handle = () => {
      log.push(`handled ${n}`);
      sendTogether(send, say(`failed to send ${n}`));
    };
    handleTogether(handle, fails);
  }
  handleTogether(fails, say('failed to handle'));
  expect(log).toEqual([]);
  await pause(5);
  const handled = ['handled 1', 'handled 2', 'handled 3', 'failed to handle'];
  expect(log).toEqual([...handled, 'sent 1', 'failed to send 2', 'sent 3']);
});

it('sends what was handled late, and what comes while it sends', async () => {
  const log: number[] = [];
  sendTogether(() => {
    log.push(1);
    handleTogether(() => sendTogether(() => void log.push(2), fails), fails);
  }, fails);
  await pause(5);
  expect(log).toEqual([1, 2]);
});

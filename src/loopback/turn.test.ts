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
  const handled = ['handled 1', 'handled 2', 'handled 3', 'failed to handle'];
  await expect.poll(() => log).toEqual([...handled, 'sent 1', 'failed to send 2', 'sent 3']);
});

it('handles what comes while it handles, and while it sends', async () => {
  const log: number[] = [];
  const answer = (n: number) => () => sendTogether(() => void log.push(n), fails);
  sendTogether(() => {
    log.push(1);
    handleTogether(() => {
      answer(2)();
      handleTogether(answer(3), fails);
    }, fails);
  }, fails);
  await expect.poll(() => log).toEqual([1, 2, 3]);
});

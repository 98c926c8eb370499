import { expect, it } from 'vitest';
import { supervise } from './become.ts';

const listeners = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGTSTP');

it('says of a program in a place that is no folder that it is not there', async () => {
  const before = listeners();
  const ending = await supervise({ command: '/etc/passwd/x', args: [], env: {} });
  expect(ending).toEqual({ type: 'not-started', reason: 'not-found', detail: 'ENOTDIR' });
  expect(listeners()).toBe(before);
});

it.each([
  ['an environment that cannot be handed over', { command: '/bin/true', args: [], env: { TOKEN: 'secret\0half' } }],
  ['an empty name', { command: '', args: ['secret'], env: {} }],
])('quotes nothing of %s', async (_, order) => {
  const before = listeners();
  const ending = await supervise(order);
  expect(ending).toMatchObject({ type: 'not-started', reason: 'failed' });
  expect(JSON.stringify(ending)).not.toContain('secret');
  expect(listeners()).toBe(before);
});

/** Every action of IAM, by each AWS CLI that is there. */
import { expect, test } from 'vitest';
import { commandLineClients } from './harness/clients.ts';
import { play } from './scenario/play.ts';

const clients = commandLineClients();

test('the AWS CLI is there', () => {
  expect(clients.length).toBeGreaterThan(0);
});

play(clients, ['iam']);

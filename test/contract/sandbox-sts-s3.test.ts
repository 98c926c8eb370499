/** Every action of STS and S3, by the SDK for JavaScript and each boto3 that is there. */
import { expect, test } from 'vitest';
import { libraryClients } from './harness/clients.ts';
import { play } from './scenario/play.ts';

const clients = libraryClients();

test('boto3 is there', () => {
  expect(clients.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^boto3 /));
});

play(clients, ['sts', 's3']);

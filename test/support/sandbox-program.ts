/** A sandbox as a program of its own. Argument: the data folder. Says its endpoint and accounts in a line of JSON. */
import { writeSync } from 'node:fs';
import { startSandbox } from '../../src/sandbox/start.ts';

const { endpoint, accounts } = await startSandbox({ dataDir: process.argv[2] ?? '' });
writeSync(1, `${JSON.stringify({ endpoint, accounts })}\n`);

// Starts a sandbox of the built library with the options in argv, prints where it is, and serves until it is killed.
import { startSandbox } from '../../../dist/index.js';

const { endpoint, accounts } = await startSandbox(JSON.parse(process.argv[2]));
process.stdout.write(`${JSON.stringify({ endpoint, ...accounts[0], accounts })}\n`);

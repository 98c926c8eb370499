#!/usr/bin/env node
/** argv in, exit code out. */
import { cleanUp, processIo } from './cli/process-io.ts';
import { run } from './cli/run.ts';

const exitCode = await run(processIo);
await cleanUp();
process.exitCode = exitCode;

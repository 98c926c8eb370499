#!/usr/bin/env node
/** argv in, exit code out. What is kept is given out before the rest of the program is loaded. */
import { keptAnswer, type UnfinishedAnswer } from './cli/kept-answer.ts';
import { writeNow } from './cli/write-now.ts';

const { argv, env, platform } = process;
// What `homedir()` answers; `node:os` is loaded only where the variable doesn't say it.
const home = platform === 'win32' ? undefined : env['HOME'];
const homeDirectory = home ?? process.getBuiltinModule('node:os').homedir();
const answer = keptAnswer({ argv: argv.slice(2), env, homeDirectory, now: Date.now });
if (typeof answer === 'string') writeNow(answer);
else finishOrStart(answer);

async function finishOrStart(unfinished: UnfinishedAnswer | undefined): Promise<void> {
  if (unfinished !== undefined) {
    // By require(): to load Node's loader of modules takes longer than to load this file.
    const { finish }: typeof import('./cli/kept-more.ts') = require('./cli/kept-more.ts');
    if (await finish(unfinished, env)) return;
  }
  const { start } = await import('./cli/start.ts');
  await start();
}

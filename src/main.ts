#!/usr/bin/env node
/** argv in, exit code out. What is kept is given out before the rest of the program is loaded. */
import { homedir } from 'node:os';
import { keptAnswer } from './cli/kept-answer.ts';
import { writeNow } from './cli/write-now.ts';

const { argv, env } = process;
const answer = keptAnswer({ argv: argv.slice(2), env, homeDirectory: homedir(), now: Date.now });
if (answer === undefined) import('./cli/start.ts').then(({ start }) => start());
else writeNow(answer);

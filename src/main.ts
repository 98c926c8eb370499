#!/usr/bin/env node
/** argv in, exit code out. What is kept is given out before the rest of the program is loaded. */
import { type KeptLine, readKeptLine } from './cli/kept-line.ts';
import { leaveOuterProfile } from './cli/leave-outer-profile.ts';
import { type KeptAnswer, rememberedAnswer, type UnfinishedAnswer } from './cli/remembered-answer.ts';
import { writeNow } from './cli/write-now.ts';

/** Put in by the build: a digest of the bundle that works answers out. */
declare const STEPUP_RULES: string;

const { argv, env, platform } = process;
leaveOuterProfile(env);
// What `homedir()` answers; `node:os` is loaded only where the variable doesn't say it.
const home = platform === 'win32' ? undefined : env['HOME'];
const homeDirectory = home ?? process.getBuiltinModule('node:os').homedir();
const io = { env, homeDirectory, now: Date.now, rules: STEPUP_RULES };
const line = readKeptLine(argv.slice(2));
const answer = line && (rememberedAnswer(io, line) ?? workedOut(line));
if (typeof answer === 'string') print(answer);
else finishOrStart(answer);

function workedOut(asked: KeptLine): KeptAnswer | undefined {
  const { keptAnswer }: typeof import('./cli/kept-answer.ts') = require('./cli/kept-answer.ts');
  return keptAnswer(io, asked);
}

async function finishOrStart(unfinished: UnfinishedAnswer | undefined): Promise<void> {
  if (unfinished !== undefined && (await finish(unfinished))) return;
  const { start } = await import('./cli/start.ts');
  await start();
}

/** By require(): to load Node's loader of modules takes longer than to load these files. */
async function finish(unfinished: UnfinishedAnswer): Promise<boolean> {
  if (unfinished.type === 'command') {
    const { runInPlace }: typeof import('./cli/run-in-place.ts') = require('./cli/run-in-place.ts');
    const ran = await runInPlace(unfinished, env);
    if (ran) process.exit();
    return ran;
  }
  const { keptText }: typeof import('./cli/kept-text.ts') = require('./cli/kept-text.ts');
  const text = keptText(unfinished);
  if (text !== undefined) print(text);
  return text !== undefined;
}

/** And ends at once: left to end by itself, Node first takes its heap and event loop down piece by piece. */
async function print(text: string): Promise<void> {
  try {
    writeNow(text);
    process.exit();
  } catch (error) {
    const { stdoutFailed } = await import('./cli/start.ts');
    await stdoutFailed(error as NodeJS.ErrnoException);
  }
}

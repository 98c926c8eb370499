// Notes what every process shows to all others while the tests run: `node watch-processes.mjs FOLDER`, until it is ended
// or its parent is. Each new command line is a line of JSON in FOLDER/processes; so is the environment of a process that
// stepup started for its own needs. Linux only: elsewhere it notes nothing.
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EVERY_MS = 50;
/** What `exec` and the demo start is given credentials: that is what they are for. */
const GIVES_CREDENTIALS = /\0(exec|demo)\0/;
/** Node with stepup as its script; not what drives it in a test (`expect - node …/stepup.cjs`). */
const STEPUP = /^[^\0]*\bnode\0(?:-[^\0]*\0(?:[^\0]*\.mjs\0)?)*[^\0]*\/dist\/stepup\.c?js\0/;

const [folder] = process.argv.slice(2);
const file = join(folder, 'processes');
const parent = process.ppid;
const seen = new Set();

if (existsSync('/proc/self/cmdline')) {
  const timer = setInterval(() => {
    if (process.ppid !== parent) clearInterval(timer);
    const lines = sample();
    if (lines.length > 0)
      appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  }, EVERY_MS);
}

function sample() {
  const commands = new Map();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = read(pid, 'cmdline');
    if (command) commands.set(pid, command);
  }
  const lines = [];
  for (const [pid, command] of commands) {
    const of = command.split('\0')[0];
    if (note(command)) lines.push({ what: 'a command line', of, text: command });
    if (!note(`${pid} ${command}`)) continue;
    const starter = commands.get(parentOf(pid)) ?? '';
    // Between fork and exec a child still is its parent, environment and all.
    if (command === starter || !STEPUP.test(`${starter}\0`) || GIVES_CREDENTIALS.test(`${starter}\0`)) continue;
    const environment = read(pid, 'environ') ?? '';
    const started = `${shown(command)}, started by ${shown(starter)}`;
    lines.push({ what: "the environment of stepup's child", of: started, text: environment });
  }
  return lines;
}

/** A command line for the report; that it holds no secret is looked at by itself. */
function shown(command) {
  return command.split('\0').join(' ').trim().slice(0, 200);
}

function note(text) {
  if (seen.has(text)) return false;
  seen.add(text);
  return true;
}

function parentOf(pid) {
  const stat = read(pid, 'stat') ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It ended, or isn't ours to read.
    return undefined;
  }
}

// Loaded into a program before it starts: kills it, as `kill -9` would, before its KILL_AT-th step. A step is whatever
// changes something outside of the process: a rename, a removal, a program that is run, a call over the network.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const last = Number(process.env.KILL_AT);
let steps = 0;

for (const [module, name] of [
  [fs, 'renameSync'],
  [fs, 'unlinkSync'],
  [childProcess, 'spawn'],
  [http, 'request'],
  [https, 'request'],
]) {
  const original = module[name];
  module[name] = (...args) => {
    steps += 1;
    if (steps === last) {
      process.kill(process.pid, 'SIGKILL');
      // The signal comes when it comes: nothing may happen until then.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return original(...args);
  };
}
syncBuiltinESMExports();

// Processes that carry a mark in their environment: what the tests started and forgot.
import { readdirSync, readFileSync } from 'node:fs';

/** Ends every process whose environment has NAME=VALUE; answers their command lines. Where there is no /proc: none. */
export function leftProcesses(name, value) {
  const commands = [];
  for (const pid of processIds()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${name}=${value}`)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      if (command === '') continue;
      process.kill(pid, 'SIGKILL');
      commands.push(command);
    } catch {
      // It ended while we looked, or it isn't ours.
    }
  }
  return commands;
}

function processIds() {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

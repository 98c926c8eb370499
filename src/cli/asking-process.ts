/** Who asks: a person who sees a prompt appear must be able to tell what started it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** `stepup login (pid 42), started by bash (pid 7)`; without the second half where the system doesn't tell. */
export function askingProcess(command: string, platform: NodeJS.Platform): string {
  const parent = nameOf(process.ppid, platform);
  const startedBy = parent === undefined ? '' : `, started by ${parent} (pid ${process.ppid})`;
  return `${command} (pid ${process.pid})${startedBy}`;
}

/** The program's name alone: its arguments may hold secrets of others. */
function nameOf(pid: number, platform: NodeJS.Platform): string | undefined {
  try {
    if (platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() || undefined;
    if (platform === 'win32') return undefined;
    const name = execFileSync('/bin/ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8', timeout: 1000 });
    return basename(name.trim()) || undefined;
  } catch {
    return undefined;
  }
}

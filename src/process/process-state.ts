/** What the system tells of a process: is it stopped, and at which terminal does it sit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True for a process that job control or a debugger has stopped; false too where that can't be known. */
export function isStopped(pid: number): boolean {
  const state = process.platform === 'linux' ? statFields(pid)?.[0] : ps(pid, 'state=');
  return state !== undefined && /^[Tt]/.test(state);
}

/** The controlling terminal of this process, `/dev/pts/3`; undefined if there is none, or it isn't known. */
export function ownTerminalName(): string | undefined {
  if (process.platform === 'linux') return terminalOfDevice(Number(statFields(process.pid)?.[4] ?? 0));
  const name = ps(process.pid, 'tty=');
  return name === undefined || name.startsWith('?') ? undefined : `/dev/${name}`;
}

/** The fields of proc(5)'s stat from the state on; the name before them may hold blanks and brackets. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Linux's numbers of terminals (admin-guide/devices.txt): 136 to 143 are pseudo-terminals, 4 the consoles. */
function terminalOfDevice(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `/dev/pts/${(major - 136) * 256 + minor}`;
  return major === 4 ? `/dev/tty${minor}` : undefined;
}

function ps(pid: number, field: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const args = ['-o', field, '-p', String(pid)];
    const answer = execFileSync('/bin/ps', args, {
      encoding: 'utf8',
      timeout: 1_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() || undefined;
  } catch {
    return undefined;
  }
}

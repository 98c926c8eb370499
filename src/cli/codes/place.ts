/** Where this process runs, as far as it decides who can be asked for a code. */
import { existsSync } from 'node:fs';
import type { CodePlace } from '../../mfa/choose-source.ts';
import { findSystemProgram } from '../../process/system-program.ts';
import type { Io } from '../io.ts';

/** `terminal`: is there one; opening it is the caller's. */
export function codePlace({ env, platform }: Pick<Io, 'env' | 'platform'>, terminal: boolean): CodePlace {
  return {
    platform,
    terminal,
    display: displayOf(env),
    isKde: /kde/i.test(env['XDG_CURRENT_DESKTOP'] ?? ''),
    isRemote: Boolean(env['SSH_CONNECTION'] || env['SSH_TTY']),
    isWsl:
      platform === 'linux' && (Boolean(env['WSL_DISTRO_NAME']) || existsSync('/proc/sys/fs/binfmt_misc/WSLInterop')),
    isContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    has: (source) => findSystemProgram(programName(source), platform) !== undefined,
  };
}

/** The file behind a source's name. */
export function programName(source: string): string {
  return source === 'powershell' ? 'powershell.exe' : source;
}

/** ssh forwards a screen as `localhost:10.0`; one without a host is the machine's own. */
function displayOf(env: Io['env']): CodePlace['display'] {
  if (env['WAYLAND_DISPLAY']) return 'own';
  const display = env['DISPLAY'];
  if (!display) return 'none';
  return /^[^:/]+:/.test(display) ? 'forwarded' : 'own';
}

/**
 * Programs that stepup runs by name alone (`ykman`, `pass`, dialogs). They are looked for in the system's own folders
 * and never by PATH: a repository's `.env` may put a folder of its own there, and what lies in it would be asked for
 * codes. A program elsewhere is named by its whole path, in a file that may name programs.
 */
import { delimiter, join } from 'node:path';
import { isExecutable } from './find-program.ts';

const UNIX_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];

const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  // Homebrew, MacPorts.
  darwin: [...UNIX_FOLDERS, '/opt/homebrew/bin', '/opt/local/bin'],
  // Snaps, which root alone installs; NixOS; and Windows' own folder as WSL shows it.
  linux: [...UNIX_FOLDERS, '/snap/bin', '/run/current-system/sw/bin', '/mnt/c/Windows/System32/WindowsPowerShell/v1.0'],
  win32: ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0', 'C:\\Program Files\\Yubico\\YubiKey Manager'],
};

export function systemFolders(platform: NodeJS.Platform): readonly string[] {
  return FOLDERS[platform] ?? UNIX_FOLDERS;
}

/** The whole path of a program of this name (on Windows and WSL with its `.exe`); undefined if the system has none. */
export function findSystemProgram(name: string, platform: NodeJS.Platform): string | undefined {
  return systemFolders(platform)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * The environment for such a program: what it needs to find the person's display, agents and stores, and no more. A
 * `BASH_ENV` or a `PATH` that came with a repository would have it run something else after all.
 */
export function systemEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && HANDED_ON.test(name) ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(kept), PATH: systemFolders(platform).join(delimiter) };
}

const HANDED_ON = new RegExp(
  `^(${[
    'HOME|USER|LOGNAME|USERPROFILE|SYSTEMROOT|APPDATA|LOCALAPPDATA|TEMP|TMP|TMPDIR',
    'LANG|LANGUAGE|LC_\\w+|TZ|TERM',
    'DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_(RUNTIME_DIR|CURRENT_DESKTOP|SESSION_TYPE)|DBUS_SESSION_BUS_ADDRESS',
    'GPG_TTY|GNUPGHOME|PASSWORD_STORE_DIR|SSH_(AUTH_SOCK|CONNECTION|TTY)',
    'WSL_(DISTRO_NAME|INTEROP)',
  ].join('|')})$`,
  'i',
);

import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { findProgram } from './find-program.ts';

export interface BrowserWish {
  /** Any program may read it in the browser's argv: give it nothing that is a secret. */
  readonly url: string;
  /** `BROWSER` or `--browser`: a program by its name or absolute path; without one, the system's own. */
  readonly program?: string;
  /** Before the address: `--profile-directory=Work`. */
  readonly args?: readonly string[];
}

const systemOpeners: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  darwin: ['/usr/bin/open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
};

/** Starts the browser and leaves it to itself; answers false if there is none to start. Runs no shell. */
export function openBrowser(
  { url, program, args = [] }: BrowserWish,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [name, ...own] = program === undefined ? (systemOpeners[process.platform] ?? ['xdg-open']) : [program];
  const path = isAbsolute(name) ? name : findProgram(name, env);
  if (path === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(path, [...own, ...args, url], { detached: true, stdio: 'ignore', shell: false });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

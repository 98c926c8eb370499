import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { execve, replaceSelf } from './replace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-replace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const signal of ['SIGPIPE', 'SIGXFSZ']) process.removeAllListeners(signal);
});

function put(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** What would be run; nothing where it goes on. */
function replacing(command: string): unknown {
  const calls: unknown[] = [];
  replaceSelf({ command, args: ['-a', 'b'], env: { PATH: folder } }, (...call) => calls.push(call));
  return calls[0];
}

it('leaves to others what Node would refuse in words that quote it', () => {
  const calls: unknown[] = [];
  const run = () => calls.push('run');
  replaceSelf({ command: '/bin/true', args: [], env: { TOKEN: 'half\0zeroed' } }, run);
  replaceSelf({ command: '/bin/true', args: ['a\0b'], env: {} }, run);
  expect(calls).toEqual([]);
});

it('becomes a program or a script, by its name or its path, and leaves no signal ignored', () => {
  const script = put('script', '#! /bin/sh\n');
  expect(replacing('script')).toEqual([script, ['script', '-a', 'b'], { PATH: folder }]);
  expect(replacing(script)).toEqual([script, [script, '-a', 'b'], { PATH: folder }]);
  expect(replacing(process.execPath)).toEqual([process.execPath, expect.any(Array), expect.any(Object)]);
  expect(process.listenerCount('SIGPIPE')).toBeGreaterThan(0);
});

it('lets the pipes block that were opened, and opens none itself', () => {
  const script = put('script', '#! /bin/sh\n');
  const said: boolean[] = [];
  const stream = { _handle: { setBlocking: (value: boolean) => said.push(value) } };
  replaceSelf({ command: script, args: [], env: {} }, () => said.push(false), [stream, {}]);
  expect(said).toEqual([true, false]);
  const getters = [vi.spyOn(process, 'stdout', 'get'), vi.spyOn(process, 'stderr', 'get')];
  replacing(script);
  for (const getter of getters) expect(getter).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

it('leaves alone what the system might refuse, for then Node would abort', () => {
  put('no-head', 'echo x\n');
  put('no-interpreter', '#!/nonexistent/sh\n');
  put('empty', '');
  put('not-executable', '#!/bin/sh\n', 0o644);
  for (const name of ['no-head', 'no-interpreter', 'empty', 'not-executable', 'missing', './script', folder]) {
    expect(replacing(name), name).toBeUndefined();
  }
  expect(process.listenerCount('SIGPIPE')).toBe(0);
});

it('is there where Node has it', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  expect(execve !== undefined).toBe(process.platform !== 'win32' && (major > 22 || (major === 22 && minor >= 15)));
});

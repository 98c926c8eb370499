import { expect, it } from 'vitest';
import { type CodePlace, chooseSource } from './choose-source.ts';

const place: CodePlace = {
  platform: 'linux',
  terminal: false,
  display: 'none',
  isKde: false,
  isRemote: false,
  isWsl: false,
  isContainer: false,
  has: () => true,
};
const only =
  (...names: readonly string[]): CodePlace['has'] =>
  (name) =>
    names.includes(name);

it.each<readonly [string, Partial<CodePlace>, string | undefined, string]>([
  ['a terminal, before everything', { terminal: true, display: 'own', isRemote: true }, 'terminal', 'terminal'],
  ['a terminal in a container', { terminal: true, isContainer: true, has: () => false }, 'terminal', 'terminal'],
  ['a desktop', { display: 'own' }, 'zenity', 'display'],
  ['a desktop of KDE', { display: 'own', isKde: true }, 'kdialog', 'kde'],
  ['a desktop of KDE without its program', { display: 'own', isKde: true, has: only('zenity') }, 'zenity', 'display'],
  ['a desktop without zenity', { display: 'own', has: only('kdialog') }, 'kdialog', 'display'],
  ['a desktop without a dialog program', { display: 'own', has: only() }, undefined, 'no-dialog-program'],
  ['macOS', { platform: 'darwin' }, 'osascript', 'macos'],
  ['macOS by ssh: the screen is elsewhere', { platform: 'darwin', isRemote: true }, undefined, 'ssh'],
  ['ssh, though the machine has a screen', { display: 'own', isRemote: true }, undefined, 'ssh'],
  ['ssh with a forwarded screen', { display: 'forwarded', isRemote: true }, 'zenity', 'display'],
  ['WSL with a screen', { isWsl: true, display: 'own' }, 'zenity', 'display'],
  ['WSL without', { isWsl: true, has: only('powershell') }, 'powershell', 'windows'],
  ['WSL without Windows', { isWsl: true, has: only() }, undefined, 'wsl'],
  ['Windows', { platform: 'win32' }, 'powershell', 'windows'],
  ['a container', { isContainer: true }, undefined, 'container'],
  ['a job of cron', {}, undefined, 'no-display'],
])('%s', (_name, facts, source, because) => {
  expect(chooseSource({ ...place, ...facts })).toEqual({ source, because });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript } from './script.ts';

function program(): Command {
  const root = new Command('stepup').helpCommand(false);
  root.command('login [profile]').option('--code <code>').option('--update-profile <name>').option('--force');
  root.command('logout [profile]');
  root.command('credentials <profile>').addOption(new Option('--format <format>').choices(['process', 'env']));
  root.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']));
  const keys = root.command('keys');
  keys.command('add');
  keys.command('rotate [profile]').option('--with <profile>');
  root.command('secret-thing', { hidden: true });
  return root;
}

const names = ['work', 'with space', '$(touch pwned)', "it's"];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-completion-'));
  writeFileSync(join(folder, 'names'), `${names.join('\n')}\n`);
  writeFileSync(join(folder, 'stepup'), `#!/bin/sh\n[ "$*" = "completion profiles" ] && cat "${folder}/names"\n`);
  chmodSync(join(folder, 'stepup'), 0o755);
  for (const shell of ['bash', 'zsh', 'fish']) writeFileSync(join(folder, shell), completionScript(shell, program()));
});
afterAll(() => {
  expect(readdirSync(folder)).not.toContain('pwned');
  rmSync(folder, { recursive: true });
});

const env = (): NodeJS.ProcessEnv => ({ PATH: `${folder}:${process.env['PATH']}`, HOME: folder, TERM: 'dumb' });
const execute = (file: string, args: string[]): string[] =>
  execFileSync(file, args, { encoding: 'utf8', cwd: folder, env: env() }).split('\n').filter(Boolean);

function bash(...words: string[]): string[] {
  const quoted = ['stepup', ...words].map((word) => `'${word}'`).join(' ');
  const script = `source ${folder}/bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _stepup; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execute('bash', ['--norc', '-c', script]).sort();
}

const fish = (line: string): string[] =>
  execute('fish', ['--no-config', '-c', `source ${folder}/fish; complete -C ${JSON.stringify(line)}`])
    .map((row) => row.split('\t')[0] ?? '')
    .sort();

/** zsh completes only in its line editor: the words given to compadd are caught in its place. */
const zsh = (...words: string[]): string[] =>
  execute('zsh', [
    '-f',
    '-c',
    `compdef() { : }; compadd() { if [[ "$1" == -a ]]; then print -l -- "\${(@P)2}"; else shift; print -l -- "$@"; fi }; _files() { print files }
     source ${folder}/zsh; words=(${['stepup', ...words].map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length + 1}; PREFIX='${words.at(-1)}'; _stepup`,
  ]).sort();

const commands = ['completion', 'credentials', 'keys', 'login', 'logout'];
const quoted = ['\\$\\(touch\\ pwned\\)', "it\\'s", 'with\\ space', 'work'];

describe('completion scripts', () => {
  it('bash: commands, options, choices, names of profiles quoted and never run', () => {
    expect(bash('')).toEqual(commands);
    expect(bash('log')).toEqual(['login', 'logout']);
    expect(bash('login', '--')).toEqual(['--code', '--force', '--update-profile']);
    expect(bash('login', '')).toEqual(quoted);
    expect(bash('login', 'wi')).toEqual(['with\\ space']);
    expect(bash('credentials', 'work', '--format', '')).toEqual(['env', 'process']);
    expect(bash('keys', '')).toEqual(['add', 'rotate']);
    expect(bash('keys', 'rotate', '--with', 'wor')).toEqual(['work']);
  });

  it('zsh: the same', () => {
    expect(zsh('')).toEqual(commands);
    expect(zsh('login', '--')).toEqual(['--code', '--force', '--update-profile']);
    expect(zsh('login', '')).toEqual([...names].sort());
    expect(zsh('credentials', 'work', '--format', '')).toEqual(['env', 'process']);
    expect(zsh('keys', '')).toEqual(['add', 'rotate']);
  });

  it('fish: the same', () => {
    expect(fish('stepup ')).toEqual(commands);
    expect(fish('stepup login --')).toEqual(expect.arrayContaining(['--code', '--force', '--update-profile']));
    expect(fish('stepup login wo')).toEqual(['work']);
    expect(fish('stepup credentials work --format ')).toEqual(['env', 'process']);
    expect(fish('stepup keys ')).toEqual(['add', 'rotate']);
  });

  it('refuses a shell that has none', () => {
    expect(() => completionScript('csh', program())).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

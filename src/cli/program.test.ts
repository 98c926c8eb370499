import { describe, expect, it } from 'vitest';
import { fakeIo } from '../../test/support/fake-io.ts';
import { defineProgram } from './program.ts';
import { run } from './run.ts';
import { VERSION } from './version.ts';

describe('the command line', () => {
  it('prints its version', async () => {
    const io = fakeIo(['--version']);
    expect(await run(io)).toBe(0);
    expect(io.out()).toBe(`${VERSION}\n`);
    expect(io.err()).toBe('');
  });

  it('answers --help on stdout, with an example for the program and for each command', async () => {
    const commands = defineProgram(fakeIo([]), () => undefined).commands.map((command) => command.name());
    expect(commands).toContain('login');
    for (const argv of [[], ...commands.map((name) => [name])]) {
      const io = fakeIo([...argv, '--help']);
      expect(await run(io)).toBe(0);
      expect(io.out()).toContain('\nExamples:\n  ');
      expect(io.err()).toBe('');
    }
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['login', '--frobnicate'], 'unknown option'],
    [['login', '--code'], 'argument missing'],
    [['login', 'a', 'b'], 'too many arguments'],
    [[], 'Usage: stepup'],
  ])('ends with 2 for %j', async (argv, problem) => {
    const io = fakeIo(argv);
    expect(await run(io)).toBe(2);
    expect(io.err()).toContain(problem);
    expect(io.err()).toContain('--help');
    expect(io.out()).toBe('');
  });

  it('refuses a profile beside --all', async () => {
    const io = fakeIo(['logout', '--all', 'work']);
    expect(await run(io)).toBe(2);
    expect(io.err()).toContain('stepup logout PROFILE, or stepup logout --all');
  });

  it('gives a subcommand the options behind it, though its parent has them as well', async () => {
    const io = fakeIo(['setup', 'verify', '--file', '/nowhere/its-own.yaml']);
    expect(await run(io)).toBe(1);
    expect(io.err()).toContain('/nowhere/its-own.yaml');
  });

  it('refuses a new profile that no AWS file can hold before it asks for its key', async () => {
    const io = fakeIo(['keys', 'add', 'x]y', '--store', 'age']);
    expect(await run(io)).toBe(2);
    expect(io.err()).toContain('"x]y" can\'t be the name of a profile');
  });

  it('escapes what it was given', async () => {
    const io = fakeIo(['\u001b[2Jlogin']);
    expect(await run(io)).toBe(2);
    expect(io.err()).toContain('\\e[2Jlogin');
    expect(io.err()).not.toContain('\u001b');
  });
});

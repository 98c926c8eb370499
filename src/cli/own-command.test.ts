import { describe, expect, it } from 'vitest';
import { isOwnCredentialProcess, ownCredentialProcess } from '../profiles/own-credential-process.ts';
import { splitWords } from '../profiles/split-words.ts';
import { commandLineOf, ownCommand } from './own-command.ts';

describe('the command that starts stepup again', () => {
  it.each([
    ['/usr/bin/node', '/opt/stepup/dist/stepup.cjs', ['/usr/bin/node', '/opt/stepup/dist/stepup.cjs']],
    ['/usr/local/bin/stepup', '/$bunfs/root/stepup', ['/usr/local/bin/stepup']],
    ['C:\\stepup.exe', 'B:\\~BUN\\root\\stepup.exe', ['C:\\stepup.exe']],
    ['/opt/stepup', '/opt/stepup', ['/opt/stepup']],
    ['/usr/bin/node', undefined, ['/usr/bin/node']],
  ])('%s with the script %s', (execPath, script, words) => {
    expect(ownCommand({ execPath, script })).toEqual(words);
  });
});

describe('a line for credential_process', () => {
  it.each([
    [
      ['/usr/bin/node', '/a b/stepup.cjs', 'credentials', 'my profile'],
      '/usr/bin/node "/a b/stepup.cjs" credentials "my profile"',
    ],
    [['/opt/stepup', 'credentials', 'work;x'], '/opt/stepup credentials "work;x"'],
  ])('%j', (words, line) => {
    expect(commandLineOf(words, 'linux')).toBe(line);
    expect(splitWords(line)).toEqual(words);
    expect(ownCredentialProcess(words)).toBe(words.at(-1));
  });

  it('is none for a word that shells would change', () => {
    for (const word of ['$(id)', '`id`', 'a"b', 'a\\b', 'a\nb']) {
      expect(commandLineOf(['/opt/stepup', word], 'linux')).toBeUndefined();
    }
    expect(commandLineOf(['C:\\a b\\stepup.exe', 'credentials', 'x'], 'win32')).toBe(
      '"C:\\a b\\stepup.exe" credentials x',
    );
    expect(commandLineOf(['C:\\stepup.exe', '%PATH%'], 'win32')).toBeUndefined();
  });

  it('is known again under the names that executables are given', () => {
    for (const program of ['/opt/stepup', '/opt/stepup-linux-x64', 'C:/stepup.exe', '/usr/bin/node /x/stepup.cjs']) {
      expect(isOwnCredentialProcess(`${program} credentials work`)).toBe(true);
    }
    for (const program of ['/opt/othersteps', '/opt/stepup/run', '/bin/sh -c stepup']) {
      expect(isOwnCredentialProcess(`${program} credentials work`)).toBe(false);
    }
  });
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { programSourceRules } from '../files/program-source.ts';
import { readAwsFiles } from './aws-files.ts';
import { namedProgram } from './named-program.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-program-'));
  mkdirSync(join(home, '.aws'), { mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function named(command: string, file = join(home, '.aws', 'config')): unknown {
  writeFileSync(file, `[profile x]\nmfa_process = ${command}\n`, { mode: 0o600 });
  const setting = readAwsFiles({ config: file, credentials: '/dev/null' })
    .profiles.get('x')
    ?.settings.get('mfa_process');
  if (setting === undefined) throw new Error('no setting');
  try {
    return namedProgram('mfa_process', setting, programSourceRules(home));
  } catch (error) {
    return isStepupError(error) ? [error.code, error.fields] : error;
  }
}

describe('namedProgram', () => {
  it('splits a command without running a shell over it', () => {
    expect(named('/usr/bin/ykman oath code --single "AWS bob" $(id) `id` ; id')).toEqual({
      path: '/usr/bin/ykman',
      args: ['oath', 'code', '--single', 'AWS bob', '$(id)', '`id`', ';', 'id'],
    });
  });

  it('takes absolute paths only', () => {
    const place = { key: 'mfa_process', path: join(home, '.aws', 'config'), line: 2 };
    expect(named('ykman oath')).toEqual([
      'program-named-badly',
      { ...place, problem: 'not-absolute', program: 'ykman' },
    ]);
    expect(named('./evil')).toMatchObject(['program-named-badly', { program: './evil' }]);
    expect(named('"/bin/open')).toEqual(['program-named-badly', { ...place, problem: 'no-command' }]);
    expect(named('')).toEqual(['program-named-badly', { ...place, problem: 'no-command' }]);
    expect(named('""')).toEqual(['program-named-badly', { ...place, problem: 'no-command' }]);
  });

  it('asks where the file comes from', () => {
    const file = join(home, 'config');
    expect(named('/bin/evil', file)).toMatchObject(['program-source-unapproved', { program: '/bin/evil', path: file }]);
    chmodSync(join(home, '.aws'), 0o777);
    expect(named('/bin/evil')).toMatchObject(['program-source-unsafe', { fault: { problem: 'writable-by-others' } }]);
  });

  it('takes no program that somebody else may write, or a folder on the way to it', () => {
    const bin = join(home, 'bin');
    const program = join(bin, 'vault');
    mkdirSync(bin, { mode: 0o755 });
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    expect(named(program)).toMatchObject({ path: program });
    for (const [path, mode, back] of [
      [program, 0o777, 0o755],
      [program, 0o757, 0o755],
      [bin, 0o777, 0o755],
    ] as const) {
      chmodSync(path, mode);
      const fault = { path, problem: 'writable-by-others' };
      expect(named(program)).toMatchObject(['program-source-unsafe', { program, fault }]);
      chmodSync(path, back);
    }
    // Root's own, and one that isn't there: whoever runs it tells that.
    expect(named('/bin/sh -c x')).toMatchObject({ path: '/bin/sh' });
    expect(named(join(bin, 'absent'))).toMatchObject({ path: join(bin, 'absent') });
  });
});

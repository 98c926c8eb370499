import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approveProgramSource,
  judgeProgramSource,
  type ProgramSourceRules,
  programSourceRules,
} from './program-source.ts';

let home: string;
let rules: ProgramSourceRules;
let own: string;
let foreign: string;
const lock = { program: 'the test', waitMs: 5000 };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stepup-source-'));
  rules = programSourceRules(home);
  mkdirSync(join(home, '.aws'), { mode: 0o700 });
  mkdirSync(join(home, 'repository'), { mode: 0o755 });
  own = join(home, '.aws', 'config');
  foreign = join(home, 'repository', 'config');
  for (const path of [own, foreign]) writeFileSync(path, 'mfa_process = /bin/evil\n', { mode: 0o644 });
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('judgeProgramSource', () => {
  it('trusts the files of the trusted folder, links in it too', () => {
    expect(judgeProgramSource(own, rules)).toEqual({ type: 'trusted' });
    symlinkSync(foreign, join(home, '.aws', 'link'));
    expect(judgeProgramSource(join(home, '.aws', 'link'), rules)).toEqual({ type: 'trusted' });
    expect(judgeProgramSource(join(home, '.aws', '..', 'repository', 'config'), rules).type).toBe('needs-approval');
  });

  it('wants approval of any other file, bound to path and content', async () => {
    const asked = judgeProgramSource(foreign, rules);
    if (asked.type !== 'needs-approval') throw new Error(asked.type);
    expect(asked.path).toBe(foreign);
    await approveProgramSource(asked, rules, lock);
    expect(judgeProgramSource(foreign, rules)).toEqual({ type: 'trusted' });
    expect(statSync(rules.approvals).mode & 0o777).toBe(0o600);

    writeFileSync(foreign, 'mfa_process = /bin/worse\n');
    const again = judgeProgramSource(foreign, rules);
    if (again.type !== 'needs-approval') throw new Error(again.type);
    expect(again.sha256).not.toBe(asked.sha256);
    const copy = join(home, 'repository', 'copy');
    writeFileSync(copy, 'mfa_process = /bin/evil\n', { mode: 0o600 });
    expect(judgeProgramSource(copy, rules).type).toBe('needs-approval');

    await approveProgramSource(again, rules, lock);
    expect(JSON.parse(readFileSync(rules.approvals, 'utf8'))).toEqual([{ path: foreign, sha256: again.sha256 }]);
  });

  it('refuses a file that others may change, approved or not', async () => {
    const asked = judgeProgramSource(foreign, rules);
    if (asked.type !== 'needs-approval') throw new Error(asked.type);
    await approveProgramSource(asked, rules, lock);
    chmodSync(foreign, 0o666);
    expect(judgeProgramSource(foreign, rules)).toEqual({
      type: 'refused',
      fault: { path: foreign, problem: 'writable-by-others' },
    });
    chmodSync(own, 0o620);
    expect(judgeProgramSource(own, rules).type).toBe('refused');
  });

  it('does not believe approvals that others could have written, or that are none', async () => {
    const asked = judgeProgramSource(foreign, rules);
    if (asked.type !== 'needs-approval') throw new Error(asked.type);
    await approveProgramSource(asked, rules, lock);
    chmodSync(rules.approvals, 0o666);
    expect(() => judgeProgramSource(foreign, rules)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    chmodSync(rules.approvals, 0o600);
    for (const text of ['', '{}', 'null', '[null, 1, {"path": "x"}]']) {
      writeFileSync(rules.approvals, text);
      expect(judgeProgramSource(foreign, rules).type).toBe('needs-approval');
    }
  });
});

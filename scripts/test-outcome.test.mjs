import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOutcome } from './test-outcome.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outcome-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function outcomeOf(testResults, exitStatus = 0) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ testResults }));
  return readOutcome(file, exitStatus);
}

const ran = (status, fullName = status) => ({ status, fullName });

test('counts', () => {
  const tests = [ran('passed', 'a'), ran('passed', 'b'), ran('failed'), ran('skipped', 'left out'), ran('todo')];
  expect(outcomeOf([{ name: 'x.test.ts', status: 'failed', assertionResults: tests }], 1)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    unexpectedSkips: ['left out', 'todo'],
    problems: [],
  });
});

test('a file that never ran is a problem', () => {
  const file = { name: 'x.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
  expect(outcomeOf([file], 1).problems).toEqual(['x.test.ts: no such module']);
});

test('so is an error outside of the tests, and a report that is missing', () => {
  const file = { name: 'x.test.ts', status: 'passed', assertionResults: [ran('passed')] };
  expect(outcomeOf([file], 1).problems).toHaveLength(1);
  expect(outcomeOf([file], 0).problems).toEqual([]);
  expect(readOutcome(join(folder, 'none.json'), 137).problems).toEqual(['vitest ended with 137 and no report']);
});

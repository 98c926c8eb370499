// What vitest's JSON report says, with what it doesn't count: files that never ran, errors outside of tests.
import { existsSync, readFileSync } from 'node:fs';

const allowedSkips = JSON.parse(readFileSync(new URL('allowed-skips.json', import.meta.url), 'utf8'));

/** `problems` are failures that no test stands for; `unexpectedSkips` full names of tests. */
export function readOutcome(reportFile, exitStatus) {
  const nothing = { passed: 0, failed: 0, skipped: 0, unexpectedSkips: [] };
  if (!existsSync(reportFile)) return { ...nothing, problems: [`vitest ended with ${exitStatus} and no report`] };
  const files = JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const failed = tests.filter((test) => test.status === 'failed').length;
  const passed = tests.filter((test) => test.status === 'passed').length;
  const skipped = tests.filter((test) => test.status !== 'failed' && test.status !== 'passed');
  const problems = files
    .filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
    .map((file) => `${file.name}: ${file.message || 'failed outside of its tests'}`);
  if (exitStatus !== 0 && failed === 0 && problems.length === 0) {
    problems.push(`vitest ended with ${exitStatus} though no test failed: an error outside of the tests, see above`);
  }
  const unexpectedSkips = skipped.map((test) => test.fullName).filter((name) => !isAllowed(name));
  return { passed, failed, skipped: skipped.length, unexpectedSkips, problems };
}

function isAllowed(name) {
  return allowedSkips.some((row) => row.test === name);
}

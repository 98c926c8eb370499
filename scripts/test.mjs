// `npm test`: everything the tests need, then all of them. Arguments go to vitest.
//
// The run gets a temporary folder and a home of its own and no AWS_* variable. Afterwards nothing may be left behind:
// no file there or in the checkout, no process, no shared memory of a moved clock; and no secret that the tests made may
// have been seen in a command line, an environment or an output. In CI a missing program or a skipped test that isn't on
// the list is a failure. The last line is `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrograms } from './debian-packages.mjs';
import { leakedSecrets, seenSoFar } from './leaked-secrets.mjs';
import { leftClocks } from './left-clocks.mjs';
import { leftProcesses } from './left-processes.mjs';
import { readOutcome } from './test-outcome.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const inCi = Boolean(process.env.CI);
const node = process.execPath;

const missing = ensurePrograms();
if (missing.length > 0) {
  console.error(`Not installed, so the tests that drive them can't run: ${missing.join(', ')}`);
}

const built = spawnSync(node, ['scripts/build.mjs'], { stdio: 'inherit' });
if (built.status !== 0) {
  console.error('The build failed; nothing was tested.');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

// Short: sockets live here, and their paths may be 108 bytes long.
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'su-'));
const temporary = join(folder, 't');
mkdirSync(temporary);
mkdirSync(join(folder, 'home'), { mode: 0o700 });
const report = join(folder, 'report.json');
const before = checkoutStatus();
leftClocks();

// Ends with us, whatever we die of. It has no mark in its environment, so it isn't taken for something left behind.
const watcher = spawn(node, ['scripts/watch-processes.mjs', folder], { stdio: ['ignore', 'ignore', 'inherit'] });

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const run = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)], {
  env: testEnvironment(),
  stdio: ['ignore', 'inherit', 'inherit'],
});

watcher.kill();

const outcome = readOutcome(report, run.status);
const problems = [...outcome.problems];
if (inCi) {
  problems.push(...missing.map((name) => `not installed: ${name}`));
  problems.push(...outcome.unexpectedSkips.map((name) => `skipped, and not on scripts/allowed-skips.json: ${name}`));
}
const seen = seenSoFar(folder);
problems.push(...leakedSecrets(folder));
if (existsSync('/proc/self/cmdline') && seen.processes === 0) problems.push('no process was watched for secrets');
problems.push(...leftProcesses('STEPUP_TEST_RUN', folder).map((command) => `left running: ${command}`));
problems.push(...leftClocks().map((name) => `left in the shared memory: ${name}`));
problems.push(...readdirSync(temporary).map((name) => `left in the temporary folder: ${name}`));
problems.push(...readdirSync(join(folder, 'home')).map((name) => `left in the home folder: ${name}`));
if (inCi && checkoutStatus() !== before) problems.push('the checkout was changed: see git status');
rmSync(folder, { recursive: true, force: true });

for (const problem of problems) console.error(`FAILED: ${problem}`);
console.log(
  `${seen.secrets} secrets were looked for in ${seen.processes} command lines and environments, and ${seen.outputs} outputs`,
);
if (outcome.skipped > 0) console.log(`${outcome.skipped} skipped`);
const failed = outcome.failed + problems.length;
console.log(`${outcome.passed} passed, ${failed} failed`);
process.exit(failed === 0 && outcome.passed > 0 ? 0 : 1);

function testEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    HOME: join(folder, 'home'),
    TMPDIR: temporary,
    STEPUP_TEST_RUN: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function checkoutStatus() {
  return spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout ?? '';
}

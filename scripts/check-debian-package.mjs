// The Debian package as a stranger meets it: installed by dpkg below a folder of its own, where nothing but libc6 counts
// as installed; run from there; its manual page and completions read; removed without a trace.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const architecture = output('dpkg', '--print-architecture').trim();
const file = readdirSync('executables').find((name) => name.endsWith(`_${architecture}.deb`));
if (file === undefined) throw new Error(`executables/ holds no package for ${architecture}: npm run debian`);

const root = mkdtempSync(join(tmpdir(), 'stepup-root-'));
try {
  const state = join(root, 'var/lib/dpkg');
  for (const folder of ['info', 'updates', 'triggers']) mkdirSync(join(state, folder), { recursive: true });
  writeFileSync(join(state, 'status'), `${output('dpkg-query', '--status', 'libc6').trim()}\n\n`);
  // Minimal systems tell dpkg to leave manual pages out.
  const whole = ['--path-include=/usr/share/man/*', '--path-include=/usr/share/doc/*'];
  const dpkg = (...args) => output('dpkg', `--root=${root}`, '--force-not-root', ...whole, ...args);

  dpkg('--install', join('executables', file));
  const stepup = join(root, 'usr/bin/stepup');
  check('its version', /^\d+\.\d+\.\d+/, output(stepup, '--version'));
  check('its demo', /refused|denied/i, output(stepup, 'demo'));
  const page = join(root, 'usr/share/man/man1/stepup.1.gz');
  output('mandoc', '-T', 'lint', '-W', 'error', page);
  // Bold is a letter struck twice.
  check('its manual page', /stepup login \[profile\]/, output('mandoc', '-T', 'ascii', page).replace(/.\x08/g, ''));
  const completion = join(root, 'usr/share/bash-completion/completions/stepup');
  check('its completion', /_stepup/, output('bash', '-c', 'source "$1" && complete -p stepup', 'bash', completion));
  dpkg('--remove', 'stepup');
  const left = output('find', root, '-name', '*stepup*', '-not', '-path', `${root}/var/*`, '-mindepth', '1').trim();
  if (left !== '') throw new Error(`left behind by its removal:\n${left}`);
  console.log(`${file} installs, runs, and goes`);
} finally {
  rmSync(root, { recursive: true, force: true });
}

function check(what, pattern, text) {
  if (!pattern.test(text)) throw new Error(`${what} is not as it must be:\n${text}`);
}

function output(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

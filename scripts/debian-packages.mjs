// The programs that the contract tests drive. On Debian, for root, the missing ones are installed; elsewhere they are
// named.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const wanted = JSON.parse(readFileSync(new URL('debian-packages.json', import.meta.url), 'utf8'));

/** Installs what is missing where that can be done; answers the packages that still are missing. */
export function ensurePrograms() {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || !findProgram('apt-get')) return missing;
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  try {
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], options);
  } catch (error) {
    console.error(`apt-get failed: ${error.message}`);
  }
  return missingPackages();
}

/** On Debian the packages themselves count (their versions are old, and tested for that); elsewhere any program does. */
function missingPackages() {
  if (findProgram('dpkg-query')) return wanted.map((row) => row.package).filter((name) => !isInstalled(name));
  return wanted.filter((row) => !isThere(row)).map((row) => row.package);
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
}

function isThere({ program, pythonModule }) {
  if (!findProgram(program)) return false;
  return pythonModule === undefined || spawnSync(program, ['-c', `import ${pythonModule}`]).status === 0;
}

function findProgram(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

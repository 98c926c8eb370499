// Packages for platforms that aren't ours: `npm ci` leaves them out, so they are packed from the registry, held to the
// lock file's checksum, and kept for the next time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a package that the lock file names, in the version that it names. Throws if its checksum is another. */
export function lockedPackage(name, cache) {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined) throw new Error(`${name} isn't in package-lock.json`);
  const folder = join(cache, `${name.replace('/', '+')}-${version}`);
  if (existsSync(folder)) return folder;

  // Renamed when it is whole, so that what is there is good.
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const args = ['pack', `${name}@${version}`, '--pack-destination', unfinished, '--json'];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  const tarball = join(unfinished, filename);
  const checksum = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (checksum !== integrity) throw new Error(`${name} ${version} from the registry isn't what package-lock.json has`);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', unfinished]);
  rmSync(tarball);
  renameSync(unfinished, folder);
  return folder;
}

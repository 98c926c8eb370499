// `npm run debian`: executables/stepup_VERSION_ARCH.deb of each executable for Linux that is there, with dpkg-deb: the
// program, its manual page, completions for three shells, and the licences.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ARCHITECTURES = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
const built = Object.entries(ARCHITECTURES).filter(([target]) => existsSync(`executables/stepup-${target}`));
if (built.length === 0) {
  console.error('There is no executable for Linux: npm run executables makes them.');
  process.exit(1);
}
for (const [target, architecture] of built) console.log(pack(`executables/stepup-${target}`, architecture));

function pack(executable, architecture) {
  const tree = mkdtempSync(join(tmpdir(), 'stepup-deb-'));
  try {
    const place = (path, content) => {
      mkdirSync(dirname(join(tree, path)), { recursive: true, mode: 0o755 });
      writeFileSync(join(tree, path), content, { mode: 0o644 });
    };
    const printed = (...args) => execFileSync(process.execPath, ['dist/stepup.cjs', ...args]);
    place('usr/bin/stepup', '');
    cpSync(executable, join(tree, 'usr/bin/stepup'));
    chmodSync(join(tree, 'usr/bin/stepup'), 0o755);
    place('usr/share/man/man1/stepup.1.gz', gzipSync(readFileSync('dist/stepup.1'), { level: 9 }));
    place('usr/share/bash-completion/completions/stepup', printed('completion', 'bash'));
    place('usr/share/zsh/vendor-completions/_stepup', printed('completion', 'zsh'));
    place('usr/share/fish/vendor_completions.d/stepup.fish', printed('completion', 'fish'));
    place('usr/share/doc/stepup/changelog.gz', gzipSync(readFileSync('CHANGELOG.md'), { level: 9 }));
    place('usr/share/doc/stepup/copyright', copyright());
    place('DEBIAN/control', control(architecture));
    chmodSync(tree, 0o755);
    const file = `executables/stepup_${version}_${architecture}.deb`;
    // gzip: every dpkg reads it, and xz would take a minute for what the program is anyway.
    const how = ['--root-owner-group', '-Zgzip', '--build'];
    execFileSync('dpkg-deb', [...how, tree, file], { stdio: ['ignore', 'ignore', 'inherit'] });
    return file;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function control(architecture) {
  return `Package: stepup
Version: ${version}
Architecture: ${architecture}
Maintainer: stepup maintainers <stepup@localhost>
Depends: libc6
Suggests: awscli, libsecret-1-0
Section: utils
Priority: optional
Description: ${description.slice(0, description.indexOf(':'))}
 ${description.slice(description.indexOf(':') + 2)}
 .
 One MFA code makes temporary AWS credentials for roles that open only with a
 fresh code; for the AWS CLI, every SDK, and programs that read the environment.
`;
}

function copyright() {
  const own = readFileSync('LICENSE', 'utf8');
  const others = readFileSync('executables/THIRD_PARTY_LICENSES.txt', 'utf8');
  return `stepup\n\n${own}\n${'='.repeat(80)}\n${others}`;
}

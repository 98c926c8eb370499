// `npm run executables [-- TARGET…]`: one file a platform with all that stepup needs to run, in executables/, with
// SHA256SUMS and the licences of what is inside. The run-times and native add-ons come from the npm registry, by the
// lock file; nothing is downloaded from elsewhere. What is compiled is the bundle of `npm run build`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockedPackage } from './executable/locked-package.mjs';

import { HOST, TARGETS } from './executable/targets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const names = process.argv.slice(2);
const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(`No such target: ${unknown.join(', ')}. There are: ${TARGETS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const out = resolve('executables');
// Below node_modules, so that the packages that the bundle leaves outside are found beside it and above it.
const work = resolve('node_modules/.cache/executables');
const packages = join(work, 'packages');
const bun = resolve('node_modules/bun/bin/bun.exe');

execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const wanted = names.length === 0 ? TARGETS : TARGETS.filter(({ name }) => names.includes(name));
for (const target of wanted) {
  compile(target);
  console.log(`executables/${target.file}${target === HOST ? '' : ' (built, not run here)'}`);
}
writeFileSync(join(out, 'THIRD_PARTY_LICENSES.txt'), licences());
const sums = readdirSync(out).map((name) => `${sha256(join(out, name))}  ${name}\n`);
writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));

function compile(target) {
  const folder = join(work, target.name);
  rmSync(folder, { recursive: true, force: true });
  cpSync('dist', folder, { recursive: true, filter: (path) => !path.endsWith('types') });
  placeAddOns(target, join(folder, 'node_modules'));
  const runtime = target === HOST ? undefined : join(fetched(target.runtime.package), target.runtime.file);
  const args = [
    ...['build', '--compile', '--minify', '--bytecode', '--splitting', '--format=esm'],
    `--target=${target.bunTarget}`,
    ...(runtime === undefined ? [] : [`--compile-executable-path=${runtime}`]),
    // What lies in the folder that stepup is run in has no say in it.
    ...['dotenv', 'bunfig', 'tsconfig', 'package-json'].map((file) => `--no-compile-autoload-${file}`),
    ...[join(folder, 'stepup.cjs'), `--outfile=${join(out, target.file)}`],
  ];
  execFileSync(bun, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The add-ons of one platform, by names that the bundler sees: each package's own loader looks for its file at run time. */
function placeAddOns(target, modules) {
  const locks = join(modules, 'fs-native-extensions');
  mkdirSync(locks, { recursive: true });
  if (target.name.startsWith('win32')) {
    cpSync('node_modules/fs-native-extensions/index.js', join(locks, 'index.js'));
    cpSync(
      `node_modules/fs-native-extensions/prebuilds/${target.name}/fs-native-extensions.node`,
      join(locks, 'addon.node'),
    );
    writeFileSync(join(locks, 'binding.js'), "module.exports = require('./addon.node');\n");
  } else {
    cpSync('scripts/executable/kernel-lock.mjs', join(locks, 'index.mjs'));
    writeFileSync(join(locks, 'package.json'), '{ "main": "index.mjs" }\n');
  }

  const keyring = join(modules, '@napi-rs', 'keyring');
  const built = fetched(target.keyring);
  const addOn = readdirSync(built).find((name) => name.endsWith('.node'));
  mkdirSync(keyring, { recursive: true });
  cpSync(join(built, addOn), join(keyring, 'addon.node'));
  // It is imported by names, which the bundler can't see in an add-on. The versions are the same, so the names are.
  const exported = Object.keys(createRequire(import.meta.url)('@napi-rs/keyring')).join(', ');
  writeFileSync(join(keyring, 'package.json'), '{ "type": "module", "main": "index.js" }\n');
  writeFileSync(
    join(keyring, 'index.js'),
    `import addOn from './addon.node';\nexport const { ${exported} } = addOn;\n`,
  );
}

/** Of this platform it is installed already. */
function fetched(name) {
  const installed = join('node_modules', name);
  return existsSync(installed) ? installed : lockedPackage(name, packages);
}

/** What the bundle holds, and what is beside it inside of the file. */
function licences() {
  const keyrings = wanted.map(({ keyring }) => licenceTexts(fetched(keyring)));
  const texts = [...licenceTexts('node_modules/@napi-rs/keyring'), ...new Set(keyrings.flat())];
  const { version } = JSON.parse(readFileSync('node_modules/bun/package.json', 'utf8'));
  return [
    readFileSync('dist/THIRD_PARTY_LICENSES.txt', 'utf8'),
    ...texts,
    readFileSync('scripts/executable/bun-licence.txt', 'utf8').replace('VERSION', version),
  ].join(`\n${'-'.repeat(80)}\n`);
}

function licenceTexts(folder) {
  const names = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name));
  return names.map(
    (name) => `${folder.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(folder, name), 'utf8')}`,
  );
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

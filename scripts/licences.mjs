// What is inside the bundle, or installed beside it, and under which licence. A licence that isn't on the list below
// (a copyleft one, or one nobody has read) fails the build.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The folders (from the root, `node_modules/…`) of the packages of which esbuild took code into an output. */
export function bundledPackages(metafile) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(file);
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** The folders of the packages that are installed together with ours: not bundled, but run. */
export function runTimePackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.keys(packages)
    .filter((folder) => folder !== '' && !packages[folder].dev && existsSync(folder))
    .sort();
}

/** The text of THIRD_PARTY_LICENSES.txt. Throws when a package's licence isn't allowed. */
export function licenceList(bundled, installed) {
  const all = [...new Set([...bundled, ...installed])];
  const refused = all.map(describe).filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    throw new Error(`licences not allowed at run time: ${refused.map((p) => `${p.name} (${p.licence})`).join(', ')}`);
  }
  // Most texts are the same: each stands once, below the packages that it is for.
  const byText = new Map();
  for (const bundledPackage of bundled.map(describe)) {
    const { text } = bundledPackage;
    byText.set(text, [...(byText.get(text) ?? []), bundledPackage]);
  }
  const sections = [...byText].map(([text, packages]) => {
    const names = packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
    return `${'-'.repeat(80)}\n${names.join('\n')}\n\n${text}\n`;
  });
  return `stepup's bundle holds code of these packages.\n\n${sections.join('\n')}`;
}

function packageFolder(file) {
  const at = file.lastIndexOf('node_modules/');
  if (at < 0) return undefined;
  const inside = file.slice(at + 'node_modules/'.length).split('/');
  return file.slice(0, at) + ['node_modules', ...inside.slice(0, inside[0].startsWith('@') ? 2 : 1)].join('/');
}

function describe(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return {
    name: manifest.name,
    version: manifest.version,
    licence: manifest.license ?? 'unknown',
    text:
      texts.join('\n\n') || `(the package holds no licence file; ${manifest.author?.name ?? manifest.author ?? ''})`,
  };
}

/** SPDX expressions without nesting: one of `OR`, or all of `AND`, must be allowed. */
function isAllowed(expression) {
  const terms = String(expression).replace(/[()]/g, '');
  if (terms.includes(' OR ')) return terms.split(' OR ').some(isAllowed);
  return terms.split(' AND ').every((term) => ALLOWED.has(term.trim()));
}

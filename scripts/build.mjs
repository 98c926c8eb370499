// Builds dist/: the bundles, the library's declarations, the manual page, and the licences of what the bundles hold.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { dropUnreachable } from './declarations.mjs';
import { bundledPackages, licenceList, runTimePackages } from './licences.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const { whole } = await bundle('dist');
chmodSync('dist/stepup.cjs', 0o755);
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', licenceList(bundledPackages(whole), runTimePackages()));
writeFileSync('dist/stepup.1', execFileSync(process.execPath, ['dist/stepup.cjs', 'man']));
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
dropUnreachable('dist/types/index.d.ts');

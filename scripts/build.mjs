// Builds dist/: the bin and the library entry bundled (start-up time is a feature: one file to read, not hundreds),
// the declarations beside them, and the licences of what the bundle holds. Native add-ons stay outside the bundle.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { dropUnreachable } from './declarations.mjs';
import { bundledPackages, licenceList, runTimePackages } from './licences.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const { metafile } = await build({
  entryPoints: { stepup: 'src/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.20',
  external: ['fs-native-extensions', '@napi-rs/keyring'],
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  metafile: true,
  // CommonJS packages inside an ESM bundle call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __stepupRequire}from'node:module';const require=__stepupRequire(import.meta.url);",
  },
  // The SDK's warning about Node 20 would go to the stderr of every command.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  logLevel: 'warning',
});
chmodSync('dist/stepup.js', 0o755);
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', licenceList(bundledPackages(metafile), runTimePackages()));
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
dropUnreachable('dist/types/index.d.ts');

// Builds dist/: the command and the library entry bundled (start-up time is a feature: one file to read, not hundreds),
// the declarations beside them, and the licences of what the bundle holds. Native add-ons stay outside the bundle.
//
// The command is two bundles. stepup.cjs holds what `credentials` needs when the answer is kept, and is CommonJS, which
// Node loads faster than a module; start.js is the whole program, which it imports for everything else.
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

/** @type {import('esbuild').BuildOptions} */
const common = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  metafile: true,
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: { stepup: 'src/main.ts' },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  plugins: [
    {
      name: 'the whole program is the other bundle',
      setup({ onResolve }) {
        onResolve({ filter: /\/start\.ts$/ }, () => ({ path: './start.js', external: true }));
      },
    },
  ],
});
const { metafile } = await build({
  ...common,
  entryPoints: { start: 'src/cli/start.ts', index: 'src/index.ts' },
  splitting: true,
  format: 'esm',
  external: ['fs-native-extensions', '@napi-rs/keyring'],
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages inside an ESM bundle call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __stepupRequire}from'node:module';const require=__stepupRequire(import.meta.url);",
  },
  // The SDK's warning about Node 20 would go to the stderr of every command.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
});
chmodSync('dist/stepup.cjs', 0o755);
// For a while: what still names the bundle as it was.
writeFileSync('dist/stepup.js', "import './stepup.cjs';\n");
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', licenceList(bundledPackages(metafile), runTimePackages()));
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
dropUnreachable('dist/types/index.d.ts');

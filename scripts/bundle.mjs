// The command and the library entry bundled (start-up time is a feature: one file to read, not hundreds). Native add-ons
// stay outside.
//
// The command is five bundles. stepup.cjs holds what `credential_process` needs when the answer is kept and the way to it
// remembered, kept-answer.cjs what works that way out, run-in-place.cjs what `exec` needs besides, kept-text.cjs what other
// formats and completions do; they are CommonJS, which Node loads faster than a module, with their functions in the form
// that V8 compiles at once. start.js is the whole program, which the first imports for all else.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { withEagerFunctions } from './eager-functions.mjs';

/** Answers what esbuild says of each bundle. */
export async function bundle(outdir) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    outdir,
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
  /** @type {import('esbuild').BuildOptions} */
  const short = {
    ...common,
    format: 'cjs',
    minifyIdentifiers: true,
    outExtension: { '.js': '.cjs' },
    plugins: [
      {
        name: 'the others are files of their own',
        setup({ onResolve }) {
          onResolve({ filter: /\/start\.ts$/ }, () => ({ path: './start.js', external: true }));
          onResolve({ filter: /\/(kept-answer|kept-text|run-in-place)\.ts$/ }, ({ kind, path }) =>
            kind === 'entry-point' ? undefined : { path: `./${basename(path, '.ts')}.cjs`, external: true },
          );
        },
      },
    ],
  };
  const others = await build({
    ...short,
    entryPoints: {
      'kept-answer': 'src/cli/kept-answer.ts',
      'kept-text': 'src/cli/kept-text.ts',
      'run-in-place': 'src/cli/run-in-place.ts',
    },
  });
  const rules = createHash('sha256')
    .update(readFileSync(join(outdir, 'kept-answer.cjs')))
    .digest('base64')
    .slice(0, 16);
  const first = await build({
    ...short,
    entryPoints: { stepup: 'src/main.ts' },
    define: { STEPUP_RULES: JSON.stringify(rules) },
  });
  const outputs = { ...first.metafile.outputs, ...others.metafile.outputs };
  for (const file of Object.keys(outputs)) writeFileSync(file, withEagerFunctions(readFileSync(file, 'utf8')));
  const whole = await build({
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
  return {
    short: { inputs: { ...first.metafile.inputs, ...others.metafile.inputs }, outputs },
    whole: whole.metafile,
    rules,
  };
}

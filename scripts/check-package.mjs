// The packed tarball as a stranger meets it: installed in an empty folder, its command run, its types compiled, its
// library entry used. Usage: node scripts/check-package.mjs install|demo|types|library FOLDER (the tarball lies there).
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [check, folder] = process.argv.slice(2);
const work = resolve(folder);
const consumer = join(work, 'consumer');
const home = join(work, 'home');

const checks = {
  install() {
    const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error(`no tarball in ${work}`);
    mkdirSync(consumer);
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    run('npm', ['install', '--no-audit', '--no-fund', join(work, tarball)], process.env);
  },

  demo() {
    run('npx', ['--no-install', 'stepup', 'demo']);
    if (readdirSync(home).length > 0) throw new Error(`the demo wrote to the home folder: ${readdirSync(home)}`);
  },

  /** Leaves consumer.mjs for the next check. */
  types() {
    copyFileSync(join(root, 'scripts/consumer.mts'), join(consumer, 'consumer.mts'));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strictness = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    const target = ['--target', 'es2023', '--lib', 'es2023', '--module', 'nodenext'];
    const nodeTypes = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    run(process.execPath, [compiler, ...strictness, ...target, ...nodeTypes, 'consumer.mts']);
  },

  library() {
    run(process.execPath, ['consumer.mjs']);
  },
};

if (!Object.hasOwn(checks, check)) throw new Error(`no such check: ${check}`);
checks[check]();

function run(command, args, env = strangersEnvironment()) {
  const { status, signal, error } = spawnSync(command, args, { cwd: consumer, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${signal ?? status}`);
    process.exit(1);
  }
}

/** No AWS_*, and a home in which nothing is: what npm itself writes goes elsewhere. */
function strangersEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    npm_config_cache: join(work, 'npm-cache'),
    npm_config_update_notifier: 'false',
  };
}

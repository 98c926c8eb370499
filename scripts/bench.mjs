// `npm run bench [NAME…] [-- --json FILE] [--fail-below 0.5]`: runs bench/NAME.ts, each in a process of its own, and prints one table.
//
// A bench exports `bench`, which answers rows (bench/measure/row.ts). It is bundled with esbuild, as what we ship is.
// A missed aim is said, and fails nothing: figures depend on the machine. With `--fail-below 0.5` a ratio below half of
// its aim fails: no machine does that.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, 'fail-below': { type: 'string' } },
});
const known = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'));
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${known.join(', ')}`);
  process.exit(2);
}

// Inside the checkout, so that packages left out of the bundle are found.
const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'bench-'));
const results = [];
let failed = false;
try {
  for (const name of positionals.length > 0 ? positionals : known) {
    console.error(`running ${name}…`);
    const rows = await run(name);
    if (rows === undefined) failed = true;
    else results.push({ bench: name, rows });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
print(results.flatMap(({ rows }) => rows));
if (options.json !== undefined) {
  const made = { node: process.version, platform: `${process.platform} ${process.arch}`, results };
  writeFileSync(resolve(options.json), `${JSON.stringify(made, undefined, 2)}\n`);
}
const gross = Number(options['fail-below'] ?? 0);
for (const row of results.flatMap(({ rows }) => rows)) {
  if (row.aim === undefined || (ratioOf(row) ?? 0) >= row.aim * gross) continue;
  console.error(`${row.what}: far below its aim`);
  failed = true;
}
process.exit(failed ? 1 : 0);

function ratioOf({ better, ours, other }) {
  if (other === undefined) return undefined;
  return better === 'higher' ? ours / other.value : other.value / ours;
}

async function run(name) {
  const bundle = join(folder, `${name}.mjs`);
  const answer = join(folder, `${name}.json`);
  await build({
    stdin: {
      contents: `import { writeFileSync } from 'node:fs';
import { bench } from './bench/${name}.ts';
writeFileSync(${JSON.stringify(answer)}, JSON.stringify(await bench()));`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.20',
    packages: 'external',
    logLevel: 'warning',
  });
  const child = spawnSync(process.execPath, ['--expose-gc', bundle], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (child.status !== 0) return undefined;
  return JSON.parse(readFileSync(answer, 'utf8'));
}

function print(rows) {
  const lines = [['', 'ours', 'other', '', 'ratio', 'aim']];
  for (const row of rows) {
    const { what, unit, ours, other, aim, note } = row;
    const ratio = ratioOf(row);
    lines.push([
      what,
      figure(ours, unit),
      other === undefined ? '' : figure(other.value, unit),
      other?.name ?? '',
      ratio === undefined ? '' : `${ratio.toPrecision(3)}×`,
      aim === undefined ? '' : `${aim}× ${ratio >= aim ? 'met' : 'MISSED'}`,
      note ?? '',
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function figure(value, unit) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
}

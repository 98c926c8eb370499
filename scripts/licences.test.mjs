import { expect, test } from 'vitest';
import { bundledPackages, licenceList, runTimePackages } from './licences.mjs';

const output = (inputs) => ({
  outputs: { 'dist/x.js': { inputs: Object.fromEntries(inputs.map((path) => [path, { bytesInOutput: 1 }])) } },
});

test('names the packages whose code is in an output, nested and scoped ones too', () => {
  const inputs = [
    'src/main.ts',
    'node_modules/commander/lib/command.js',
    'node_modules/commander/index.js',
    'node_modules/@aws-sdk/core/dist/index.js',
    'node_modules/a/node_modules/b/index.js',
  ];
  expect(bundledPackages(output(inputs))).toEqual([
    'node_modules/@aws-sdk/core',
    'node_modules/a/node_modules/b',
    'node_modules/commander',
  ]);
});

test('leaves out what was shaken off', () => {
  const metafile = { outputs: { 'x.js': { inputs: { 'node_modules/yaml/index.js': { bytesInOutput: 0 } } } } };
  expect(bundledPackages(metafile)).toEqual([]);
});

test('prints licence texts, each once', () => {
  const list = licenceList(['node_modules/commander', 'node_modules/yaml'], []);
  expect(list).toMatch(/commander \d+\.\d+\.\d+ \(MIT\)/);
  expect(list).toMatch(/yaml \d+\.\d+\.\d+ \(ISC\)/);
});

test('refuses a copyleft licence, bundled or installed', () => {
  const oracle = 'node_modules/@cloud-copilot/iam-simulate';
  expect(() => licenceList([oracle], [])).toThrow(/iam-simulate \(AGPL-3\.0/);
  expect(() => licenceList([], [oracle])).toThrow(/iam-simulate \(AGPL-3\.0/);
});

test('what is installed beside us is allowed', () => {
  const installed = runTimePackages();
  expect(installed).toContain('node_modules/fs-native-extensions');
  expect(() => licenceList([], installed)).not.toThrow();
});

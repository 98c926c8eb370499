/** What lies in the folder that stepup is run in has no say in it: neither run-time reads its files there. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runChild } from './harness/child.ts';
import { type Home, makeHome } from './harness/home.ts';
import { stepupCommand } from './harness/stepup.ts';

let home: Home;
let folder: string;

beforeEach(async () => {
  const ends = new Date(Date.now() + 3_600_000).toISOString();
  home = await makeHome('http://127.0.0.1:9', {
    config: '[profile work]\nregion = eu-west-1\n',
    credentials: `[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n\n[work-mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = b\naws_session_token = c\nexpiration = ${ends}\nstepup_authenticated_at = ${new Date().toISOString()}\nstepup_base_key_id = AKIAIOSFODNN7EXAMPLE\nstepup_endpoint = http://127.0.0.1:9\n`,
  });
  folder = join(home.path, 'repository');
  await mkdir(folder);
  const files = {
    'hostile.js': `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '');`,
    'bunfig.toml': 'preload = ["./hostile.js"]\n',
    '.env': 'AWS_CONFIG_FILE=/nonexistent\nAWS_SHARED_CREDENTIALS_FILE=/nonexistent\n',
    'package.json': '{ "type": "commonjs", "imports": { "#x": "./hostile.js" }, "main": "./hostile.js" }',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "*": ["./hostile.js"] } } }',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterEach(() => home.remove());

it.each([
  [['credentials', 'work'], 'ASIAIOSFODNN7EXAMPLE'],
  [['exec', 'work', '--', 'printenv', 'AWS_ACCESS_KEY_ID'], 'ASIAIOSFODNN7EXAMPLE'],
  [['status'], 'work-mfa'],
] as const)('%j heeds none of them', async (words, says) => {
  const { exitCode, stdout, stderr } = await runChild(...stepupCommand([...words]), {
    env: { ...home.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    cwd: folder,
  });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain(says);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

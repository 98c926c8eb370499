/** What runs on every AWS command and at every Tab loads what it uses and nothing else. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { writeRoleSession } from '../../src/sessions/role-cache.ts';
import { runChild } from './harness/child.ts';
import { cleanEnvironment } from './harness/clean-environment.ts';

const STATUS_ROOMS = ['cli', 'files', 'keys', 'mfa', 'process', 'profiles', 'sessions', 'terminal'];

const REMEMBERED_ANSWER = [
  'src/aws/credentials.ts',
  'src/aws/custom-endpoint.ts',
  'src/cli/kept-line.ts',
  'src/cli/leave-outer-profile.ts',
  'src/cli/own-folders.ts',
  'src/cli/remembered-answer.ts',
  'src/cli/write-now.ts',
  'src/delivery/placed.ts',
  'src/delivery/process-document.ts',
  'src/errors.ts',
  'src/files/modes.ts',
  'src/files/read.ts',
  'src/main.ts',
  'src/sessions/cache-folder.ts',
  'src/sessions/digest.ts',
  'src/sessions/remembered-way.ts',
  'src/sessions/role-entry.ts',
];

const KEPT_ANSWER = [
  'src/aws/credentials.ts',
  'src/aws/custom-endpoint.ts',
  'src/cli/kept-answer.ts',
  'src/cli/kept-ports.ts',
  'src/cli/own-folders.ts',
  'src/cli/profile-names.ts',
  'src/cli/remembered-answer.ts',
  'src/cli/span.ts',
  'src/delivery/process-document.ts',
  'src/errors.ts',
  'src/files/atomic-write.ts',
  'src/files/modes.ts',
  'src/files/read.ts',
  'src/profiles/aws-files.ts',
  'src/profiles/credentials.ts',
  'src/profiles/document.ts',
  'src/profiles/endpoint-settings.ts',
  'src/profiles/include.ts',
  'src/profiles/key-id.ts',
  'src/profiles/lexer.ts',
  'src/profiles/own-credential-process.ts',
  'src/profiles/resolve.ts',
  'src/profiles/section-title.ts',
  'src/profiles/session-policy.ts',
  'src/profiles/session-profiles.ts',
  'src/profiles/session-tags.ts',
  'src/profiles/split-words.ts',
  'src/sessions/cache-folder.ts',
  'src/sessions/digest.ts',
  'src/sessions/kept-credentials.ts',
  'src/sessions/kept-session.ts',
  'src/sessions/profile-place.ts',
  'src/sessions/remembered-way.ts',
  'src/sessions/role-cache.ts',
  'src/sessions/role-entry.ts',
  'src/sessions/role-identity.ts',
  'src/sessions/route.ts',
  'src/sessions/session-policy.ts',
];

const roleArn = 'arn:aws:iam::111122223333:role/deploy';
const deployIdentity = {
  ...{ endpoint: 'AWS', base: 'AKIAIOSFODNN7EXAMPLE' },
  roles: [{ roleArn, sessionName: 'stepup', durationSeconds: 3_600 }],
};

const root = join(import.meta.dirname, '../..');

let folder: string;
let home: string;
let built: { readonly short: Metafile; readonly whole: Metafile; readonly rules: string };

beforeAll(async () => {
  // Inside the checkout, so that the packages that aren't bundled are found.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'hot-paths-'));
  built = await bundle(join(folder, 'dist'));
  home = join(folder, 'home');
  mkdirSync(join(home, '.aws'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(home, '.aws', name), text, { mode: 0o600 });
  write(
    'config',
    `[profile work]\nregion = eu-west-1\n\n[profile deploy]\nregion = eu-west-1\nrole_arn = ${roleArn}\nsource_profile = work-mfa\n`,
  );
  const ends = new Date(Date.now() + 3_600_000).toISOString();
  const began = new Date(Date.now() - 60_000).toISOString();
  write(
    'credentials',
    `[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n\n[work-mfa]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = b\naws_session_token = c\nexpiration = ${ends}\nstepup_authenticated_at = ${began}\nstepup_base_key_id = AKIAIOSFODNN7EXAMPLE\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stepup = (args: readonly string[], options: readonly string[] = [], env = {}) =>
  runChild(process.execPath, [...options, join(folder, 'dist/stepup.cjs'), ...args], {
    env: { ...cleanEnvironment(home), ...env },
  });

/** Each source file, room and package, of which something is in these outputs. */
function sourcesOf({ outputs }: Metafile, loaded: readonly string[]): readonly string[] {
  const names = Object.keys(outputs).filter((name) => loaded.includes(relative(folder, join(root, name))));
  const inputs = names.flatMap((name) => Object.entries(outputs[name]?.inputs ?? {}));
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file))].sort();
}

it('a kept answer whose way is remembered is in one small file, and what works the way out in one more', () => {
  const importsOf = (file: string) => {
    const output = built.short.outputs[relative(root, join(folder, file))];
    return [...new Set(output?.imports.map(({ path }) => path))].sort();
  };
  expect(sourcesOf(built.short, ['dist/kept-answer.cjs'])).toEqual(KEPT_ANSWER);
  expect(importsOf('dist/kept-answer.cjs')).toEqual(['node:fs', 'node:path']);
  // What another build remembers is nothing to this one.
  expect(built.rules).toMatch(/^[\w+/]{16}$/);
  expect(readFileSync(join(folder, 'dist/stepup.cjs'), 'utf8')).toContain(`rules:${JSON.stringify(built.rules)}`);
  expect(sourcesOf(built.short, ['dist/stepup.cjs'])).toEqual(REMEMBERED_ANSWER);
  expect(importsOf('dist/stepup.cjs')).toEqual([
    './kept-answer.cjs',
    './kept-text.cjs',
    './run-in-place.cjs',
    './start.js',
    'node:fs',
    'node:path',
  ]);
});

it('status loads the parser of the command line, and no SDK, prompt or policy', async () => {
  const list = join(folder, 'loaded');
  const hooks = `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context); }`;
  const asUrl = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`;
  const { exitCode, stdout, stderr } = await stepup(['status'], ['--import', asUrl(register)]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('work-mfa');
  const urls = readFileSync(list, 'utf8').split('\n');
  const loaded = urls.flatMap((url) =>
    url.includes('/dist/') ? [`dist/${url.slice(url.indexOf('/dist/') + 6)}`] : [],
  );
  const sources = sourcesOf(built.whole, loaded);
  const packages = sources.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const rooms = sources.flatMap((file) => /^src\/([^/]+)\//.exec(file)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(['commander']);
  expect([...new Set(rooms)]).toEqual(STATUS_ROOMS);
  expect(sources.filter((file) => /^src\/(aws\/(send|sts|iam)|terminal\/prompt)/.test(file))).toEqual([]);
});

it('exec takes one more, and so do other formats and completions, which hold this', () => {
  expect(sourcesOf(built.short, ['dist/run-in-place.cjs'])).toEqual([
    'src/aws/credentials.ts',
    'src/cli/run-in-place.ts',
    'src/delivery/environment.ts',
    'src/delivery/nesting.ts',
    'src/delivery/placed.ts',
    'src/process/become.ts',
    'src/process/find-program.ts',
    'src/process/replace.ts',
  ]);
  expect(sourcesOf(built.short, ['dist/kept-text.cjs'])).toEqual([
    'src/aws/credentials.ts',
    'src/cli/kept-text.ts',
    'src/cli/profile-names.ts',
    'src/delivery/environment.ts',
    'src/delivery/formats.ts',
    'src/delivery/printable-variables.ts',
    'src/delivery/process-document.ts',
    'src/errors.ts',
    'src/process/quote.ts',
    'src/terminal/escape.ts',
  ]);
});

it('nothing else need be there for a kept answer', async () => {
  // As if the role had been entered: its session is kept, and no way to it remembered.
  const kept = {
    accessKeyId: 'ASIAROLE',
    secretAccessKey: 'r',
    sessionToken: 't',
    expiresAtMs: Date.now() + 3_600_000,
  };
  writeRoleSession(join(home, '.cache/stepup/role-sessions'), deployIdentity, { credentials: kept });
  rmSync(join(folder, 'dist/start.js'));
  rmSync(join(folder, 'dist/chunks'), { recursive: true });
  expect(JSON.parse((await stepup(['credentials', 'work', '--format', 'process'])).stdout)).toMatchObject({
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  });
  const said = await stepup(['exec', 'work', '--', 'sh', '-c', 'echo $AWS_ACCESS_KEY_ID; exit 3']);
  expect(said).toMatchObject({ stdout: 'ASIAIOSFODNN7EXAMPLE\n', exitCode: 3 });
  expect(await stepup(['completion', 'profiles'])).toMatchObject({
    ...{ stdout: 'work\ndeploy\nwork-mfa\n', exitCode: 0 },
  });
  expect((await stepup(['status'])).exitCode).not.toBe(0);
  expect(JSON.parse((await stepup(['credentials', 'deploy'])).stdout)).toMatchObject({ AccessKeyId: 'ASIAROLE' });
  rmSync(join(folder, 'dist/kept-answer.cjs'));
  expect(JSON.parse((await stepup(['credentials', 'deploy'])).stdout)).toMatchObject({ AccessKeyId: 'ASIAROLE' });
  const again = await stepup(['exec', 'deploy', '--', 'sh', '-c', 'echo $AWS_ACCESS_KEY_ID $STEPUP_PROFILE; exit 3']);
  expect(again).toMatchObject({ stdout: 'ASIAROLE deploy\n', exitCode: 3 });
  expect((await stepup(['credentials', 'work'])).exitCode).not.toBe(0);
});

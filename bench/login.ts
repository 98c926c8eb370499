/** `login` beside the shell script that it replaces, against the same sandbox: whole processes, a fresh code each. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { executable } from './commands/executable.ts';
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, medianTimes, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const rounds = 7;
const aims = { npm: 10, executable: 30 };
const script = join(process.cwd(), 'bench', 'commands', 'login-by-shell.sh');

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  const aws = awsCli();
  // One at a time, each on files without a session, as it is in the morning.
  const fresh = (run: () => Promise<number>) => (): Promise<number> => {
    home.reset();
    return run();
  };
  const login = (program: readonly string[] | undefined) =>
    fresh(() =>
      program === undefined
        ? Promise.resolve(0)
        : timeOf([...program, 'login', 'work', '--code', home.freshCode()], home.env),
    );
  const byShell = fresh(() =>
    aws === undefined
      ? Promise.resolve(0)
      : timeOf(['bash', script, 'work', home.freshCode()], { ...home.env, AWS: aws.path }),
  );
  const program = executable();
  try {
    const times = await medianTimes({ npm: login(stepup), executable: login(program), shell: byShell }, rounds);
    const kinds = program === undefined ? (['npm'] as const) : (['npm', 'executable'] as const);
    return kinds.map((kind) => {
      const row = { what: `login (${kind})`, unit: 'ms', better: 'lower', ours: times[kind] } as const;
      if (aws === undefined) return { ...row, note: 'no AWS CLI is installed: ours alone' };
      const other = { name: 'six AWS CLI calls', value: times.shell };
      return { ...row, other, aim: aims[kind], note: aws.version };
    });
  } finally {
    await home.close();
  }
}

/** The first on the PATH that is no version manager's stand-in, which would be timed with it. */
function awsCli(): { readonly path: string; readonly version: string } | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.endsWith('shims'));
  const path = folders.map((folder) => join(folder, 'aws')).find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const text = execFileSync(path, ['--version'], { encoding: 'utf8' });
  return { path, version: text.split(' ')[0] ?? '' };
}

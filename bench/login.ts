/** `login` beside the shell script that it replaces, against the same sandbox: whole processes, a fresh code each. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, medianTimes, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const rounds = 7;
const aim = 10;
const script = join(process.cwd(), 'bench', 'commands', 'login-by-shell.sh');

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  const login = (): Promise<number> => timeOf([...stepup, 'login', 'work', '--code', home.freshCode()], home.env);
  const aws = awsCli();
  try {
    // One at a time, each on files without a session, as it is in the morning.
    const fresh = (run: () => Promise<number>) => (): Promise<number> => {
      home.reset();
      return run();
    };
    if (aws === undefined) {
      const { ours } = await medianTimes({ ours: fresh(login) }, rounds);
      return [{ what: 'login', unit: 'ms', better: 'lower', ours, note: 'no AWS CLI is installed: ours alone' }];
    }
    const byShell = (): Promise<number> =>
      timeOf(['bash', script, 'work', home.freshCode()], { ...home.env, AWS: aws.path });
    const { ours, shell } = await medianTimes({ ours: fresh(login), shell: fresh(byShell) }, rounds);
    const other = { name: 'six AWS CLI calls', value: shell };
    return [{ what: 'login', unit: 'ms', better: 'lower', ours, other, aim, note: aws.version }];
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

/**
 * A cached `credentials --format process`, which runs on every AWS command that comes by `credential_process`: from npm
 * beside a Node that does nothing, as an executable beside a compiled hello; and `exec` beside it, and beside a bare
 * program that reads the same files and ends as the same command.
 */
import { openAwsVault } from './commands/aws-vault.ts';
import { type BareProgram, bareScript, compiled, executable } from './commands/executable.ts';
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, medianTimes, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const rounds = 41;
/** The other program's time over ours: Node's may be 1.15 times as long, the executable's 3 times; `exec` 1.1 times its floor. */
const aims = { node: 0.87, executable: 0.33, floor: 0.91 };

const HELLO = "console.log('hello');\n";
/** What is left of `exec` without stepup: both files are read, and the command becomes the process where it can. */
const BARE_EXEC = `const { readFileSync } = require('node:fs');
for (const name of ['config', 'credentials']) readFileSync(process.env.HOME + '/.aws/' + name, 'utf8');
process.on('SIGPIPE', () => {});
process.execve?.('/bin/true', ['true'], process.env);
const { spawn } = require('node:child_process');
spawn('/bin/true', [], { stdio: 'inherit' }).on('close', (code) => { process.exitCode = code; });
`;

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  const bare: BareProgram[] = [];
  const made = (program: BareProgram): readonly string[] => {
    bare.push(program);
    return program.command;
  };
  try {
    await timeOf([...stepup, 'login', 'work', '--code', home.freshCode()], home.env);
    const nothing = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };
    const rows = await besides('npm', stepup, nothing, made(bareScript(BARE_EXEC)), aims.node);
    const program = executable();
    if (program === undefined) return await besideVault(rows, 'npm', stepup);
    const hello = { name: 'a compiled hello', command: made(compiled(HELLO)) };
    const asExecutable = await besides('executable', program, hello, made(compiled(BARE_EXEC)), aims.executable);
    return await besideVault([...asExecutable, ...rows], 'executable', program);
  } finally {
    for (const { remove } of bare) remove();
    await home.close();
  }

  /** Of the binary where there is one. */
  async function besideVault(rows: readonly Row[], kind: string, program: readonly string[]): Promise<readonly Row[]> {
    const row = { what: `credentials, cached (${kind})`, unit: 'ms', better: 'lower' } as const;
    const vault = openAwsVault(home);
    if (typeof vault === 'string') return [...rows, { ...row, ours: rows[0]?.ours ?? 0, note: `${vault}: ours alone` }];
    const { ours, theirs } = await medianTimes(
      {
        ours: () => timeOf([...program, 'credentials', 'myrole', '--format', 'process'], home.env),
        theirs: () => timeOf(vault.command, vault.env),
      },
      rounds,
    );
    return [...rows, { ...row, ours, other: { name: vault.name, value: theirs } }];
  }

  /** The first turn enters the role; each one after it finds the session kept. */
  async function besides(
    kind: string,
    program: readonly string[],
    other: { readonly name: string; readonly command: readonly string[] },
    bareExec: readonly string[],
    aim: number,
  ): Promise<readonly Row[]> {
    const times = await medianTimes(
      {
        ours: () => timeOf([...program, 'credentials', 'myrole', '--format', 'process'], home.env),
        bare: () => timeOf(other.command, home.env),
        exec: () => timeOf([...program, 'exec', 'myrole', '--', '/bin/true'], home.env),
        floor: () => timeOf(bareExec, home.env),
        child: () => timeOf(['/bin/true'], home.env),
      },
      rounds,
    );
    const common = { unit: 'ms', better: 'lower' } as const;
    return [
      {
        what: `credentials, cached (${kind})`,
        ...common,
        ours: times.ours,
        other: { name: other.name, value: times.bare },
        aim,
      },
      {
        what: `exec -- true (${kind}), without the child`,
        ...common,
        ours: times.exec - times.child,
        other: { name: 'credentials, cached, and 2 ms', value: times.ours + 2 },
        aim: 1,
        note: `without the ${times.child.toFixed(1)} ms of the child`,
      },
      {
        what: `exec -- true (${kind}), beside its floor`,
        ...common,
        ours: times.exec,
        other: { name: 'a bare program that reads and starts the same', value: times.floor },
        // Only there is the floor above the other aim.
        ...(kind === 'npm' && { aim: aims.floor }),
        note: 'with the child',
      },
    ];
  }
}

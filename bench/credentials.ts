/**
 * A cached `credentials --format process`, which runs on every AWS command that comes by `credential_process`: from npm
 * beside a Node that does nothing, as an executable beside a compiled hello; and `exec` beside it.
 */
import { compiledHello, executable } from './commands/executable.ts';
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, medianTimes, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const rounds = 41;
/** The other program's time over ours: Node's may be 1.15 times as long, the executable's 3 times. */
const aims = { node: 0.87, executable: 0.33 };

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  try {
    await timeOf([...stepup, 'login', 'work', '--code', home.freshCode()], home.env);
    const rows = await besides('npm', stepup, { name: 'node -e 0', command: [process.execPath, '-e', '0'] }, aims.node);
    const program = executable();
    if (program === undefined) return rows;
    const hello = compiledHello();
    try {
      const other = { name: 'a compiled hello', command: hello.command };
      return [...rows, ...(await besides('executable', program, other, aims.executable))];
    } finally {
      hello.remove();
    }
  } finally {
    await home.close();
  }

  /** The first turn enters the role; each one after it finds the session kept. */
  async function besides(
    kind: string,
    program: readonly string[],
    other: { readonly name: string; readonly command: readonly string[] },
    aim: number,
  ): Promise<readonly Row[]> {
    const { ours, bare, exec, child } = await medianTimes(
      {
        ours: () => timeOf([...program, 'credentials', 'myrole', '--format', 'process'], home.env),
        bare: () => timeOf(other.command, home.env),
        exec: () => timeOf([...program, 'exec', 'myrole', '--', 'true'], home.env),
        child: () => timeOf(['true'], home.env),
      },
      rounds,
    );
    const common = { unit: 'ms', better: 'lower' } as const;
    return [
      { what: `credentials, cached (${kind})`, ...common, ours, other: { name: other.name, value: bare }, aim },
      {
        what: `exec -- true (${kind})`,
        ...common,
        ours: exec - child,
        other: { name: 'credentials, cached, and 2 ms', value: ours + 2 },
        note: `without the ${child.toFixed(1)} ms of the child`,
      },
    ];
  }
}

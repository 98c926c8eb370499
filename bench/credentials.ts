/**
 * A cached `credentials --format process`, which runs on every AWS command that comes by `credential_process`, beside a
 * Node that does nothing.
 */
import { openGatedHome } from './commands/gated-home.ts';
import { buildCommand, medianTimes, stepup, timeOf } from './commands/run.ts';
import type { Row } from './measure/row.ts';

const rounds = 25;
/** The bare program's time over ours: ours may take 1.15 times as long. */
const aim = 0.87;

export async function bench(): Promise<readonly Row[]> {
  buildCommand();
  const home = await openGatedHome();
  try {
    await timeOf([...stepup, 'login', 'work', '--code', home.freshCode()], home.env);
    const credentials = [...stepup, 'credentials', 'myrole', '--format', 'process'];
    const { ours, bare } = await medianTimes(
      {
        // The first turn enters the role; each one after it finds the session kept.
        ours: () => timeOf(credentials, home.env),
        bare: () => timeOf([process.execPath, '-e', '0'], home.env),
      },
      rounds,
    );
    const other = { name: 'node -e 0', value: bare };
    return [{ what: 'credentials, cached', unit: 'ms', better: 'lower', ours, other, aim }];
  } finally {
    await home.close();
  }
}

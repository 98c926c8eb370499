/** Codes by `oathtool`, an implementation that isn't ours. */
import { madeSecrets } from '../../support/made-secrets.ts';
import { runChild } from './child.ts';
import { cleanEnvironment } from './clean-environment.ts';

/** The code that a phone with this seed shows at this moment (epoch milliseconds). The seed goes by stdin. */
export async function codeAt(seedBase32: string, timeMs: number): Promise<string> {
  madeSecrets(seedBase32);
  const now = new Date(timeMs).toISOString().replace('T', ' ').replace(/\..*$/, ' UTC');
  const { stdout, stderr } = await runChild('oathtool', ['--totp', '--base32', '--now', now, '-'], {
    env: cleanEnvironment('/nonexistent'),
    input: `${seedBase32}\n`,
  });
  const code = stdout.trim();
  if (!/^\d{6}$/.test(code)) throw new Error(`oathtool: ${stderr}`);
  return code;
}

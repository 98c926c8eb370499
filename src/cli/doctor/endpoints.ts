/** Each STS endpoint that a code would go to: may it, does it answer, and do the clocks agree. */

import { clockAhead } from '../../aws/clock.ts';
import { codeDestination } from '../../aws/code-destination.ts';
import { type Endpoint, resolveEndpoint } from '../../aws/endpoints.ts';
import { isStepupError } from '../../errors.ts';
import { endpointSettings } from '../../profiles/endpoint-settings.ts';
import { formatDuration } from '../../terminal/time.ts';
import { proxyField } from '../login/login.ts';
import { readOwnConfig } from '../own-config.ts';
import { type Check, type Facts, type Finding, fail, failed, ok, warn } from './finding.ts';

const TIMEOUT_MS = 5_000;
/** AWS refuses a signature whose time is off by five minutes (IAM User Guide, SigV4 troubleshooting). */
const REFUSED_SECONDS = 300;
/** Most of a code's step: what this machine's clock makes is wrong by then. */
const WRONG_CODES_SECONDS = 20;

export const endpoints: Check = {
  name: 'endpoint',
  find: async (facts) => {
    const found = new Map<string, Endpoint>();
    const findings: Finding[] = [];
    for (const base of facts.bases) {
      try {
        const endpoint = resolveEndpoint('sts', endpointSettings(facts.files, base, 'sts', facts.io.env));
        found.set(endpoint.url.href, endpoint);
      } catch (error) {
        if (!isStepupError(error)) throw error;
        findings.push(failed(error));
      }
    }
    const answers = await Promise.all([...found.values()].map((endpoint) => ask(facts, endpoint)));
    return [...findings, ...answers.flat()];
  },
};

async function ask({ io }: Facts, endpoint: Endpoint): Promise<readonly Finding[]> {
  const { host, origin } = endpoint.url;
  try {
    const { codeHosts, path } = readOwnConfig(io);
    if (!codeDestination(endpoint, undefined, codeHosts).allowed) {
      const from = endpoint.customOrigin === undefined ? '' : ` (it comes from ${endpoint.customOrigin})`;
      return [fail(`no code may go to ${origin}${from}`, `unset it, or allow the host in ${path}`)];
    }
    const ahead = await clockAhead(endpoint, {
      now: io.now,
      timeoutMs: TIMEOUT_MS,
      signal: io.interrupted,
      ...proxyField(io),
    });
    return [ok(`${host} answers`), clockFinding(host, ahead)];
  } catch (error) {
    if (!isStepupError(error) || error.code === 'interrupted') throw error;
    return [failed(error)];
  }
}

function clockFinding(host: string, ahead: number | undefined): Finding {
  if (ahead === undefined) return warn(`${host} doesn't say its time, so the clock wasn't compared`);
  const off = Math.abs(ahead);
  const words = `this machine's clock is ${formatDuration(off)} ${ahead > 0 ? 'ahead of' : 'behind'} ${host}'s`;
  const mend = 'timedatectl set-ntp true, or your system settings';
  if (off >= REFUSED_SECONDS) return fail(`${words}: AWS refuses every request`, mend);
  if (off > WRONG_CODES_SECONDS) return warn(`${words}: codes that this machine makes are wrong`, mend);
  return ok(`the clock agrees with ${host}'s`);
}

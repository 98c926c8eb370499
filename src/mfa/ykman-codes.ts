/** Codes from a YubiKey through Yubico's `ykman oath`. The key makes them from this machine's clock. */
import { StepupError } from '../errors.ts';
import { requireCode } from './code.ts';
import { retryPause } from './retry-pause.ts';
import { type ProgramPorts, runForCode } from './run-for-code.ts';
import type { CodeRequest, CodeSource } from './source.ts';

/** `Touch your YubiKey...` goes to the person's terminal. */
export function ykmanCodes(ports: ProgramPorts): CodeSource {
  return {
    name: 'ykman',
    tellsPerson: false,
    madeHere: true,
    endsByItself: true,
    ...retryPause(ports, async (request, signal) => {
      const account = ports.entry ?? accountFor(await accountsOf(ports, signal), request);
      const { stdout } = await runForCode(ports, ['oath', 'accounts', 'code', '--single', '--', account], signal);
      return requireCode(stdout, `the YubiKey's account ${account}`);
    }),
  };
}

/** It answers at once, or a key isn't there. */
const LOOK_MS = 10_000;

/**
 * Does the account give codes without a touch? `ykman` makes the codes of all accounts that do, and says of the others
 * that they want one; the codes are dropped here.
 * @returns undefined where it can't be seen: no key, no such account, a key with a password
 */
export async function isTouchless(ports: Pick<ProgramPorts, 'program' | 'entry'>): Promise<boolean | undefined> {
  try {
    const silent = { ...ports, terminal: () => undefined };
    const { stdout } = await runForCode(silent, ['oath', 'accounts', 'code'], AbortSignal.timeout(LOOK_MS));
    const { entry } = ports;
    const isMeant = (line: string): boolean => (entry === undefined ? isOfAws(line) : line.startsWith(entry));
    const lines = stdout.split('\n').filter(isMeant);
    return lines.length === 0 ? undefined : lines.some((line) => !line.includes('[Requires Touch]'));
  } catch {
    return undefined;
  }
}

function isOfAws(account: string): boolean {
  return /^(amazon|aws)\b/i.test(account);
}

/** The names of the accounts on the key: needs no touch and makes no code. */
async function accountsOf(ports: ProgramPorts, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { stdout } = await runForCode(ports, ['oath', 'accounts', 'list'], signal);
  return stdout.split('\n').flatMap((line) => line.trim() || []);
}

/**
 * The account that AWS's own QR code made for this device (`Amazon Web Services:NAME@ACCOUNT`), else the only one of
 * AWS's. Throws `code-entry-unclear` where that is none or several: a code of another account would be wasted.
 */
export function accountFor(
  accounts: readonly string[],
  request: Pick<CodeRequest, 'serialNumber' | 'accountId'>,
): string {
  const { serialNumber, accountId } = request;
  const deviceName = serialNumber.split(':mfa/')[1]?.split('/').at(-1);
  const ofAws = accounts.filter(isOfAws);
  const ofDevice = ofAws.filter((name) => name.endsWith(`:${deviceName}@${accountId}`));
  const [only, ...more] = ofDevice.length > 0 ? ofDevice : ofAws;
  if (only === undefined || more.length > 0) {
    throw new StepupError('code-entry-unclear', { source: 'ykman', entries: accounts });
  }
  return only;
}

/** Who gives the code: the device, the source that would be asked here, and whether key and code stay apart. */
import { isStepupError } from '../../errors.ts';
import type { PlaceReason } from '../../mfa/choose-source.ts';
import { readSerialNumber } from '../../mfa/device.ts';
import type { FactorsVerdict } from '../../mfa/factors.ts';
import { isTouchless } from '../../mfa/ykman-codes.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import { type CodeSettings, chosenSource, codeSettings, factorsVerdict } from '../codes/settings.ts';
import { programOf } from '../codes/source.ts';
import { NOBODY_REASONS } from '../wording/aws.ts';
import { type Check, type Facts, type Finding, fail, failed, hasKey, ok, warn } from './finding.ts';

export const devices: Check = {
  name: 'device',
  find: ({ bases }) => bases.filter(hasKey).map(deviceFinding),
};

function deviceFinding({ name, settings }: ResolvedProfile): Finding {
  const serial = settings.get('mfa_serial')?.value;
  if (!serial) return ok(`${name}: the device isn't named yet; the first login finds it`);
  const device = readSerialNumber(serial);
  switch (device.kind) {
    case 'totp':
      return ok(`${name}: ${serial} (${device.form === 'virtual' ? 'an authenticator app' : 'a hardware token'})`);
    case 'fido':
      return fail(
        `${name}: ${serial} is a security key or passkey; STS takes six-digit codes`,
        `add an authenticator app beside it: stepup mfa enrol ${name}`,
      );
    case 'user-given':
      return warn(
        `${name}: mfa_serial names the user, not its device`,
        `aws configure set mfa_serial ${device.guess} --profile ${name}`,
      );
    case 'unknown':
      return fail(`${name}: mfa_serial is no MFA device: ${serial}`, `stepup mfa list ${name}`);
  }
}

const REASONS: Readonly<Record<PlaceReason | 'named', string>> = {
  named: 'it is named',
  terminal: 'there is a terminal',
  macos: 'there is no terminal, and this is macOS',
  windows: 'there is no terminal, and Windows has an input box',
  kde: 'there is no terminal, and this is a KDE desktop',
  display: 'there is no terminal, and there is a screen',
};

export const source: Check = {
  name: 'code source',
  find: (facts) => each(facts, sourceFinding),
};

async function sourceFinding({ io }: Facts, settings: CodeSettings): Promise<Finding> {
  const { name } = settings.base;
  const choice = chosenSource(io, settings, () => {
    const terminal = io.openTerminal();
    terminal?.close();
    return terminal !== undefined;
  });
  if (choice.source === undefined) {
    return warn(`${name}: nobody can be asked for a code here: ${NOBODY_REASONS[choice.because]}`, 'docs/codes.md');
  }
  if (choice.source !== 'terminal') await programOf(io, settings, choice.source);
  return ok(`${name}: codes come from ${choice.source} (${REASONS[choice.because]})`);
}

export const factors: Check = {
  name: 'factors',
  find: (facts) => each(facts, factorsFinding),
};

async function factorsFinding({ io }: Facts, settings: CodeSettings): Promise<Finding> {
  const { name } = settings.base;
  // Without a name the place decides, and each of the place's own sources asks a person.
  const named = settings.source ?? 'terminal';
  const touchless =
    named === 'ykman'
      ? await isTouchless({ program: () => programOf(io, settings, 'ykman'), entry: settings.entry })
      : undefined;
  return wordFactors(name, factorsVerdict(settings, named, touchless), named);
}

function wordFactors(name: string, verdict: FactorsVerdict, named: string): Finding {
  switch (verdict.type) {
    case 'apart':
      return ok(`${name}: key and code are apart, and a person gives the code`);
    case 'same-store':
      return fail(
        `${name}: key and code both come from ${verdict.place}: whoever opens it has both factors`,
        `stepup keys move ${name} --to keychain`,
      );
    case 'no-person':
      return warn(`${name}: ${ALONE[verdict.unless ?? 'always'](named)}`, MEND_ALONE[verdict.unless ?? 'always']);
  }
}

const ALONE: Readonly<Record<'touch' | 'locked' | 'always', (source: string) => string>> = {
  always: (source) => `${source} gives codes with no person there: for any program of yours, two factors are one`,
  locked: (source) =>
    `${source} gives codes with no person there while it is open: for any program of yours, two factors are one`,
  touch: (source) =>
    `${source} gives codes with no person there unless the account wants a touch, which can't be seen just now`,
};
const MEND_ALONE = {
  always: 'a source that asks you: an authenticator app on a phone, or a YubiKey account that wants a touch',
  locked: 'a source that asks you: an authenticator app on a phone, or a YubiKey account that wants a touch',
  touch: 'put the key in and run this again; ykman oath accounts add --touch makes an account that wants one',
} as const;

/** A finding for each base with a key; what can't be understood is its finding. */
function each(
  facts: Facts,
  find: (facts: Facts, settings: CodeSettings) => Promise<Finding>,
): Promise<readonly Finding[]> {
  return Promise.all(
    facts.bases.filter(hasKey).map(async ({ name }) => {
      try {
        return await find(facts, codeSettings(facts.io, facts.files, name));
      } catch (error) {
        if (isStepupError(error)) return failed(error);
        throw error;
      }
    }),
  );
}

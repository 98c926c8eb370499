/** `stepup keys add --from aws-vault`: shows what would be taken over, and does it with `--yes`. */
import { isStepupError, StepupError } from '../../errors.ts';
import { profileForKey } from '../../keys/add-key.ts';
import { awsVaultKeys, type VaultKey } from '../../keys/aws-vault.ts';
import type { StoreKind } from '../../keys/secret-store.ts';
import { findSystemProgram } from '../../process/system-program.ts';
import { readAwsFiles } from '../../profiles/aws-files.ts';
import { escapeText } from '../../terminal/escape.ts';
import { styleFor } from '../../terminal/style.ts';
import { tableLines } from '../../terminal/table.ts';
import { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { wordError } from '../wording/wording.ts';
import { keep, storeKind } from './keep-key.ts';
import { keyPorts } from './ports.ts';

export interface TakeoverOptions {
  readonly store?: string;
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly verify?: boolean;
}

interface Takeover {
  readonly key: VaultKey;
  readonly to: StoreKind;
  /** Why it can't be taken. */
  readonly obstacle?: StepupError;
}

const WHERE: Readonly<Record<VaultKey['kind'], string>> = {
  file: 'its encrypted file',
  pass: 'pass',
  keychain: 'the keychain',
};

/** Of one profile, or of all that aws-vault has. Throws StepupError. */
export async function addFromAwsVault(io: Io, given: string | undefined, options: TakeoverOptions): Promise<number> {
  const { paths } = keyPorts(io);
  const all = await awsVaultKeys({
    platform: io.platform,
    env: io.env,
    homeDirectory: io.homeDirectory,
    profiles: given === undefined ? [...readAwsFiles(paths).profiles.keys()] : [given],
    find: (name) => findSystemProgram(name, io.platform),
    passphrase: () => vaultPassphrase(io),
  });
  const found = all.filter(({ profile }) => given === undefined || profile === given);
  if (found.length === 0) {
    io.stderr.write(`aws-vault has no key${given === undefined ? '' : ` for ${escapeText(given)}`} here.\n`);
    return ExitCode.failed;
  }
  const takeovers: Takeover[] = [];
  for (const key of found) takeovers.push(await takeoverOf(io, key, options));
  return options.yes === true ? takeOver(io, takeovers, options) : showPlan(io, takeovers);
}

async function takeoverOf(io: Io, key: VaultKey, options: TakeoverOptions): Promise<Takeover> {
  try {
    const { settings } = profileForKey(key.profile, keyPorts(io));
    return { key, to: await storeKind(io, settings, options.store) };
  } catch (error) {
    if (!isStepupError(error) || isStepupError(error, 'usage')) throw error;
    return { key, to: await storeKind(io, new Map(), options.store), obstacle: error };
  }
}

function showPlan(io: Io, takeovers: readonly Takeover[]): number {
  const { dim } = styleFor(io.stdout, io.env);
  const rows = takeovers.map(({ key, to, obstacle }) => [
    escapeText(key.profile),
    WHERE[key.kind],
    obstacle === undefined ? `the ${to} store` : `not taken: ${escapeText(wordError(obstacle).what)}`,
  ]);
  const head = ['PROFILE', 'FROM', 'TO'].map((text) => ({ text, paint: dim }));
  io.stdout.write(`${tableLines([head, ...rows]).join('\n')}\n`);
  io.stderr.write('Nothing was kept or changed. With --yes each key is verified by a call to AWS, and kept.\n');
  return ExitCode.done;
}

async function takeOver(io: Io, takeovers: readonly Takeover[], options: TakeoverOptions): Promise<number> {
  const style = styleFor(io.stderr, io.env);
  let failed = false;
  for (const { key, to, obstacle } of takeovers) {
    const name = escapeText(key.profile);
    try {
      if (obstacle !== undefined) throw obstacle;
      const kept = await key.read();
      await keep(io, { profile: key.profile, key: kept, kind: to }, options);
      io.stderr.write(`${style.green('✓')} ${name} (…${kept.accessKeyId.slice(-4)}) is in the ${to} store.\n`);
    } catch (error) {
      if (!isStepupError(error) || isStepupError(error, 'interrupted')) throw error;
      failed = true;
      const { what, why, next } = wordError(error);
      const lines = [what, why, next].filter((line) => line !== undefined).map(escapeText);
      io.stderr.write(`${style.red('✗')} ${name}: ${lines.join('\n    ')}\n`);
    }
  }
  io.stderr.write('What aws-vault has stays there: aws-vault remove PROFILE, once all works.\n');
  return failed ? ExitCode.failed : ExitCode.done;
}

/** aws-vault's own variable, else the person. */
async function vaultPassphrase(io: Io): Promise<string> {
  const given = io.env['AWS_VAULT_FILE_PASSPHRASE'];
  if (given) return given;
  const terminal = io.openTerminal();
  if (terminal === undefined) throw new StepupError('passphrase-needed', { variables: ['AWS_VAULT_FILE_PASSPHRASE'] });
  try {
    const { askSecret } = await import('../../terminal/prompt.ts');
    const message = "Passphrase of aws-vault's files:";
    return await askSecret(terminal, { message, during: 'the prompt for a passphrase', signal: io.interrupted });
  } finally {
    terminal.close();
  }
}

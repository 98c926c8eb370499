/** The long-term key of a base, from the credentials file or from the store that `stepup_key_store` names. */
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { programSourceRules } from '../files/program-source.ts';
import { namedProgram } from '../profiles/named-program.ts';
import type { ResolvedProfile } from '../profiles/resolve.ts';
import type { Io } from './io.ts';
import { ownFolders } from './own-folders.ts';

/** @throws StepupError `login-without-key` where there is none; what the store throws */
export async function longTermKey(io: Io, { name, credentials, settings }: ResolvedProfile): Promise<Credentials> {
  if (credentials.type === 'long-term-key') {
    return { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey };
  }
  const missing = new StepupError('login-without-key', { profile: name, found: 'nothing' });
  if (credentials.type !== 'stored-key') throw missing;
  const [{ openStore }, { readStoredKey }] = await Promise.all([
    import('../keys/stores.ts'),
    import('../keys/stored-key.ts'),
  ]);
  const command = (key: string): ReturnType<typeof namedProgram> => {
    const setting = settings.get(key);
    if (setting === undefined) throw new StepupError('usage', { problem: `the store "command" needs ${key}` });
    return namedProgram(key, setting, programSourceRules(io.accountHomeDirectory));
  };
  const store = openStore(credentials.store, {
    platform: io.platform,
    env: io.env,
    folder: ownFolders(io).state,
    ageLock: { type: 'passphrase', ask: () => askPassphrase(io) },
    commands: () => ({ read: command('stepup_store_read'), write: command('stepup_store_write') }),
  });
  const key = await readStoredKey(store, name);
  if (key === undefined) throw missing;
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
}

async function askPassphrase(io: Io): Promise<string> {
  const terminal = io.openTerminal();
  if (terminal === undefined) {
    throw new StepupError('store-locked', {
      store: 'age',
      detail: 'there is no terminal to ask for its passphrase on',
    });
  }
  try {
    const { askSecret } = await import('../terminal/prompt.ts');
    return await askSecret(terminal, {
      message: 'Passphrase of the key store:',
      during: 'the prompt for a passphrase',
      signal: io.interrupted,
    });
  } finally {
    terminal.close();
  }
}

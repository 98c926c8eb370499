/** What a person reads for the errors of `keys/`. */
import { ExitCode } from './exit-code.ts';
import { type Rows, wording } from './wording-row.ts';

const WAYS_IN: Readonly<Record<string, string>> = {
  keychain:
    'Unlock it (on Linux without a desktop: `gnome-keyring-daemon --unlock` under `dbus-run-session`), or choose another store with stepup_key_store or STEPUP_KEY_STORE: age, pass or command.',
  age: 'Check the passphrase or the identity file; `age --decrypt FILE` shows whether it opens.',
  pass: 'Check that `pass show stepup` works in this terminal (gpg-agent may need `export GPG_TTY=$(tty)`).',
  command: 'Run the command of stepup_store_read by hand and see what it says.',
};

export const keysRows: Rows<
  'store-locked' | 'store-unavailable' | 'stored-key-unreadable' | 'key-changed' | 'passphrase-needed'
> = {
  'key-changed': {
    exit: ExitCode.failed,
    say: ({ profile }) =>
      wording(`The key of ${profile} was replaced by another program meanwhile; nothing was written`, {
        next: 'Run the command again: it goes on with the key that is there now.',
      }),
  },
  'passphrase-needed': {
    exit: ExitCode.needsPerson,
    say: ({ variables }) =>
      wording('There is no terminal to ask for the passphrase of the age store on', {
        next: `Run it in a terminal, or let ${variables.join(' or ')} give the passphrase (docs/keys.md).`,
      }),
  },
  'store-locked': {
    exit: ExitCode.failed,
    say: ({ store, detail }) => wording(`The ${store} store was not opened`, { why: detail, next: WAYS_IN[store] }),
  },
  'stored-key-unreadable': {
    exit: ExitCode.failed,
    say: ({ store, profile }) =>
      wording(`What the ${store} store holds for ${profile} isn't a key`, {
        next: `Put it there again: stepup keys add ${profile}`,
      }),
  },
  'store-unavailable': {
    exit: ExitCode.failed,
    say: ({ store, detail }) =>
      wording(`There is no ${store} store that answers on this machine`, { why: detail, next: WAYS_IN[store] }),
  },
};

/** What a person reads for the errors of `keys/`. */
import type { ErrorFields } from '../../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { type Rows, wording } from './row.ts';

const WAYS_IN: Readonly<Record<string, string>> = {
  keychain:
    'Unlock it (on Linux without a desktop: `gnome-keyring-daemon --unlock` under `dbus-run-session`), or choose another store with stepup_key_store or STEPUP_KEY_STORE: age, pass or command.',
  age: 'Check the passphrase or the identity file; `age --decrypt FILE` shows whether it opens.',
  pass: 'Check that `pass show stepup` works in this terminal (gpg-agent may need `export GPG_TTY=$(tty)`).',
  command: 'Run the command of stepup_store_read by hand and see what it says.',
};

const STAYING: Readonly<Record<ErrorFields['key-stays-visible']['because'], string>> = {
  'other-text': 'the key stands there as well, in a comment or in [DEFAULT], and would stay readable',
  role: 'the same profile has a role_arn, for which the AWS CLI needs the key beside it',
  'login-session': 'the AWS CLI would sign in with that login_session in place of the store',
  sso: 'the AWS CLI would sign in through Identity Center in place of the store',
  'web-identity': 'the AWS CLI would use that web identity in place of the store',
  'credential-process': 'a credential_process of another program is there, which stepup does not overwrite',
};

export const keysRows: Rows<
  | 'store-locked'
  | 'store-unavailable'
  | 'stored-key-unreadable'
  | 'store-holds-another-key'
  | 'store-unfaithful'
  | 'session-not-in-store'
  | 'key-changed'
  | 'key-exists'
  | 'key-malformed'
  | 'key-stays-visible'
  | 'passphrase-needed'
> = {
  'key-stays-visible': {
    exit: ExitCode.failed,
    say: ({ profile, because, path, line }) =>
      wording(`The key can't leave the file yet: ${path}, line ${line}`, {
        why: STAYING[because],
        next:
          because === 'other-text'
            ? 'Delete that line, then run the command again. Nothing was written.'
            : `Give the key a profile of its own, apart from what else ${profile ?? 'the profile'} has, and run the command for that one. Nothing was written.`,
      }),
  },
  'store-holds-another-key': {
    exit: ExitCode.failed,
    say: ({ store, profile, accessKeyId }) =>
      wording(
        `The ${store} store holds another key for ${profile} already, the one that ends in ${accessKeyId.slice(-4)}`,
        {
          next: 'If that one is of no use any more, say --replace; it is then lost.',
        },
      ),
  },
  'session-not-in-store': {
    exit: ExitCode.failed,
    say: ({ profile, base }) =>
      wording(`The store doesn't hold the session that profile ${profile} tells of`, {
        next: `A new one takes its place: stepup login ${base} --force`,
      }),
  },
  'store-unfaithful': {
    exit: ExitCode.failed,
    say: ({ store, profile }) =>
      wording(`The ${store} store gave back something else than the key of ${profile} that it was given`, {
        why: 'the key was left where it was',
        next: 'Try another store with --store or --to.',
      }),
  },
  'key-exists': {
    exit: ExitCode.failed,
    say: ({ profile, has }) =>
      has === 'plain-key'
        ? wording(`Profile ${profile} has a key in the AWS files already, and it would win over a stored one`, {
            next: `Move that one: stepup keys move ${profile}; or name another profile.`,
          })
        : wording(`Profile ${profile} has a key in a store already`, {
            next: 'To lose that one for the new one, say --replace; or name another profile.',
          }),
  },
  'key-malformed': {
    exit: ExitCode.failed,
    say: ({ source, problem }) => wording(`No key was found in ${source}: ${problem}`),
  },
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
      wording('There is no terminal to ask for the passphrase of the store on', {
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

/** Where each long-term key lies, what that resists, how old it is, and whether the keychain answers. */
import { StepupError } from '../../errors.ts';
import { type StoreKind, storeKinds } from '../../keys/secret-store.ts';
import { withoutAws } from '../../keys/stores.ts';
import { runProgram } from '../../process/run.ts';
import type { ResolvedProfile } from '../../profiles/resolve.ts';
import { formatDuration } from '../../terminal/time.ts';
import type { Io } from '../io.ts';
import { keyHistory, untoldWords } from '../keys/key-history.ts';
import { storeOf } from '../open-store.ts';
import { type Check, type Facts, type Finding, fail, hasKey, ok, warn } from './finding.ts';

/** The same as docs/keys.md, in a line. */
const RESISTS: Readonly<Record<StoreKind, string>> = {
  keychain:
    'encrypted with your login; macOS lets any script of the same program read it, the Secret Service any once open',
  age: 'as good as its passphrase or identity file; nothing of yours reads it without',
  pass: 'as good as the passphrase of the GPG key; any program of yours reads it while gpg-agent remembers',
  command: 'as good as the store behind the command',
};

/** CIS AWS Foundations Benchmark 3.0, 1.14, and Security Hub's IAM.3: keys are rotated every 90 days or less. */
const MOST_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
/** For IAM's answers about one key. */
const IAM_MS = 5_000;

export const keys: Check = {
  name: 'keys',
  find: async (facts) => {
    const findings = await Promise.all(
      facts.bases.filter(hasKey).map(async (base) => {
        const place = placeFinding(base);
        return place.verdict === 'fail' ? [place] : [place, await ageFinding(facts, base)];
      }),
    );
    return findings.length > 0 ? findings.flat() : [ok('there is no long-term key')];
  },
};

async function ageFinding({ io, files }: Facts, base: ResolvedProfile): Promise<Finding> {
  const { name } = base;
  const history = await keyHistory(io, files, base, { waitMs: IAM_MS });
  const { createdAtMs, lastUsedAtMs, isActive, untold } = history;
  const createdAt = createdAtMs === undefined ? null : new Date(createdAtMs).toISOString();
  return { ...judge(), createdAt };

  function judge(): Finding {
    if (untold === 'gone')
      return fail(`${name}: the key is no more: ${untoldWords(untold, name)}`, `stepup keys add ${name} --replace`);
    if (isActive === false)
      return fail(`${name}: the key is inactive at AWS`, `stepup keys add ${name} --replace, or have it activated`);
    if (createdAtMs === undefined)
      return ok(`${name}: the age of the key is unknown: ${untoldWords(untold ?? 'no-answer', name)}`);
    const since = (epochMs: number): string => formatDuration(Math.max(0, io.now() - epochMs) / 1000);
    const used =
      lastUsedAtMs === undefined
        ? ''
        : lastUsedAtMs === 'never'
          ? ', and was never used'
          : `, and was last used ${since(lastUsedAtMs)} ago`;
    const words = `${name}: the key is ${since(createdAtMs)} old${used}`;
    return io.now() - createdAtMs > MOST_DAYS * DAY_MS
      ? warn(`${words}; one of more than ${MOST_DAYS} days is due for another`, `stepup keys rotate ${name}`)
      : ok(words);
  }
}

function placeFinding({ name, credentials }: ResolvedProfile): Finding {
  if (credentials.type === 'long-term-key') {
    const { path, line } = credentials.place;
    return warn(
      `${name}: the long-term key lies in plain text (${path}, line ${line}): any program of yours reads it`,
      `stepup keys move ${name} --to keychain`,
    );
  }
  const store = credentials.type === 'stored-key' ? credentials.store : '';
  const kind = storeKinds.find((known) => known === store);
  if (kind === undefined)
    return fail(`${name}: ${store} is no key store`, `stepup_key_store is one of ${storeKinds.join(', ')}`);
  return ok(`${name}: the key lies in ${kind}: ${RESISTS[kind]}`);
}

/** A dialog may open: a person has this long for it. */
const PROBE_MS = 10_000;

export const keychain: Check = {
  name: 'keychain',
  find: async (facts) => {
    const isChosen = facts.bases.some(
      ({ credentials, settings }) =>
        (credentials.type === 'stored-key' && credentials.store === 'keychain') ||
        settings.get('stepup_session_store')?.value === 'keychain',
    );
    return isChosen ? [await probe(facts)] : [];
  },
};

/**
 * In a process of its own: the library under a keychain may hold up the whole process for as long as nobody answers,
 * and that one can be ended.
 */
async function probe({ io }: Facts): Promise<Finding> {
  const [path = '', ...args] = io.ownCommand;
  const outcome = await runProgram({
    path,
    args: [...args, 'doctor', '--try-keychain'],
    env: withoutAws(io.env),
    timeoutMs: PROBE_MS,
    signal: io.interrupted,
  });
  switch (outcome.type) {
    case 'exited':
      if (outcome.code === 0) return ok('the keychain is open: an entry was written, read and removed');
      return fail(
        outcome.stderr
          .trim()
          .replace(/^stepup: /, '')
          .replace(/\s*\n\s*/g, '; '),
      );
    case 'timed-out':
      return fail(
        `the keychain gave no answer in ${PROBE_MS / 1000} s: it is locked, or nobody serves it`,
        'unlock it, or keep keys elsewhere: stepup keys move --to age',
      );
    default:
      return fail(`the keychain could not be tried: ${outcome.type}`);
  }
}

/** What that process does. Throws what the store throws. */
export async function tryKeychain(io: Io): Promise<void> {
  const store = await storeOf(io, 'keychain', new Map());
  const name = `probe/${process.pid}`;
  await store.write(name, name);
  const kept = await store.read(name);
  await store.remove(name);
  if (kept === name) return;
  throw new StepupError('store-unavailable', {
    store: 'keychain',
    detail: 'it did not give back what was written to it',
  });
}

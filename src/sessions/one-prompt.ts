/**
 * One prompt for many processes.
 *
 * Fifty processes that need the same session at once ask a person once; the others wait, and take what the one that
 * asked has brought. What is promised:
 * - At most one process asks at a time, as long as that one lives, isn't stopped, and its person isn't silent.
 * - A waiter takes over when the prompter has died (however it died: the kernel frees its lock), when it is stopped (a
 *   background job that read the terminal), when Ctrl-C ended its prompt, or when nothing was typed for `silenceMs`.
 *   A process that was silent once doesn't take over again, so that two of them don't take turns for ever.
 * - A prompter that was superseded notices before it sends its code, and becomes a waiter.
 * - A failure that no other prompt would mend (no network, three wrong codes) is shared by all who waited for it: there
 *   are not fifty failing prompts one after another.
 */
import { existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ErrorCode, type ErrorFields, isStepupError, StepupError } from '../errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { type HeldLock, tryLock, withLock } from '../files/lock.ts';
import { makePrivateFolder } from '../files/modes.ts';
import { type PromptClaim, type Prompter, readClaim } from './prompt-claim.ts';

export interface PromptTurn {
  /** Aborts when another process took over, with {@link Superseded} as its reason, or when our own signal does. */
  readonly signal: AbortSignal;
  /** The person is there: a key was pressed. */
  readonly touch: () => void;
  /** To be called before a code is sent. @throws Superseded when another process has taken over */
  readonly confirm: () => Promise<void>;
}

export interface OnePromptOptions<T> {
  /** A private folder on a local disk. */
  readonly folder: string;
  /** Names what is asked for; the same for all who want the same session, and fit for a file's name. */
  readonly name: string;
  readonly self: Prompter;
  /** What we wait for, if it is there now. Called often: cheap. */
  readonly ready: () => T | undefined | Promise<T | undefined>;
  /** Asks the person and brings the session, kept where `ready` finds it. */
  readonly ask: (turn: PromptTurn) => Promise<T>;
  /** Told once for each prompter that we wait for. */
  readonly onWaiting: (prompter: Prompter) => void;
  /** True for a process that is stopped (job control), false too where that can't be known. */
  readonly isStopped: (pid: number) => boolean;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly silenceMs?: number;
  readonly pollMs?: number;
}

/** Another process asks the person now; our prompt is void. */
class Superseded extends Error {
  override readonly name = 'Superseded';
}

const defaultSilenceMs = 60_000;
const defaultPollMs = 100;
/** The mutex is held for a few file operations only; who waits longer has met a broken disk or a stopped holder. */
const mutexWaitMs = 20_000;

/** Failures of one process alone, or of its person: the next waiter may do better. */
const ownFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['interrupted']);

/**
 * What `ready` finds, or what `ask` brings, whichever process asks.
 * @throws what `ask` threw here or in the process that we waited for; the signal's reason; as `withLock`
 */
export async function onePrompt<T>(options: OnePromptOptions<T>): Promise<T> {
  makePrivateFolder(options.folder);
  const files = new ClaimFiles(options.folder, options.name, options.self);
  const pollMs = options.pollMs ?? defaultPollMs;
  let wasSilent = false;
  let waitedFor: number | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await options.ready();
    if (found !== undefined) return found;
    const claim = files.read();
    if (claim?.state === 'failed' && claim.generation === waitedFor) throw sharedFailure(claim);
    // Looked at without the mutex first: most of the time all that fifty waiters see is that somebody still asks.
    const turn: Turn =
      claim !== undefined && (await files.isLively(claim, options, wasSilent))
        ? { type: 'theirs', claim }
        : await files.take(options, wasSilent);
    if (turn.type === 'ours') {
      const outcome = await askInTurn(options, files, turn.claim, turn.alive, pollMs);
      if (outcome.type === 'answered') return outcome.value;
      wasSilent = true;
      waitedFor = undefined;
      continue;
    }
    if (turn.claim.generation !== waitedFor) {
      waitedFor = turn.claim.generation;
      options.onWaiting(turn.claim.prompter);
    }
    // An abort ends the pause; the head of the loop then throws its reason.
    const pauseOptions = options.signal === undefined ? {} : { signal: options.signal };
    await setTimeout(pollMs * (0.75 + Math.random() / 2), undefined, pauseOptions).catch(() => undefined);
  }
}

type Outcome<T> = { readonly type: 'answered'; readonly value: T } | { readonly type: 'superseded' };

async function askInTurn<T>(
  options: OnePromptOptions<T>,
  files: ClaimFiles,
  claim: PromptClaim,
  alive: HeldLock,
  pollMs: number,
): Promise<Outcome<T>> {
  const taken = new AbortController();
  const isOurs = (): boolean => files.read()?.generation === claim.generation;
  const watch = setInterval(() => {
    if (!isOurs()) taken.abort(new Superseded());
  }, pollMs * 3);
  let touchedMs = claim.lastSignMs;
  const turn: PromptTurn = {
    signal: options.signal === undefined ? taken.signal : AbortSignal.any([taken.signal, options.signal]),
    touch: () => {
      // One write a second says as much as one a key.
      if (options.now() - touchedMs < 1_000) return;
      touchedMs = options.now();
      files.update(claim.generation, { lastSignMs: touchedMs }).catch(() => undefined);
    },
    confirm: async () => {
      if (!(await files.update(claim.generation, { lastSignMs: options.now() }))) throw new Superseded();
    },
  };
  try {
    // Somebody may have brought it between our last look and our turn.
    const value = (await options.ready()) ?? (await options.ask(turn));
    await files.update(claim.generation, { state: 'done' });
    return { type: 'answered', value };
  } catch (error) {
    if (taken.signal.aborted || error instanceof Superseded) return { type: 'superseded' };
    await files.update(claim.generation, endingOf(error));
    throw error;
  } finally {
    clearInterval(watch);
    alive.release();
    files.forget(claim.generation);
  }
}

function endingOf(error: unknown): Partial<PromptClaim> {
  if (!isStepupError(error) || ownFailures.has(error.code)) return { state: 'left' };
  return { state: 'failed', failure: { code: error.code, fields: error.fields } };
}

function sharedFailure(claim: PromptClaim): StepupError {
  const code = (claim.failure?.code ?? 'internal') as ErrorCode;
  return new StepupError(code, (claim.failure?.fields ?? { problem: 'the prompt failed' }) as ErrorFields[ErrorCode]);
}

type Turn =
  | { readonly type: 'ours'; readonly claim: PromptClaim; readonly alive: HeldLock }
  | { readonly type: 'theirs'; readonly claim: PromptClaim };

/** The claim and its locks: a mutex for changes of the claim, and a lock for each generation that its prompter holds while it lives. */
class ClaimFiles {
  readonly #claimPath: string;
  readonly #mutexPath: string;
  readonly #alivePath: (generation: number) => string;
  readonly #self: Prompter;

  constructor(folder: string, name: string, self: Prompter) {
    this.#claimPath = join(folder, `${name}.json`);
    this.#mutexPath = join(folder, `${name}.lock`);
    this.#alivePath = (generation) => join(folder, `${name}.${generation}.alive`);
    this.#self = self;
  }

  read(): PromptClaim | undefined {
    return readClaim(this.#claimPath);
  }

  /** Ours, if nobody asks or the one who does can't be waited for any longer. */
  take<T>(options: OnePromptOptions<T>, wasSilent: boolean): Promise<Turn> {
    return this.#exclusively(async () => {
      const claim = this.read();
      if (claim !== undefined && (await this.isLively(claim, options, wasSilent))) {
        return { type: 'theirs', claim };
      }
      const generation = (claim?.generation ?? 0) + 1;
      const alive = await tryLock(this.#alivePath(generation), this.#self.program);
      // Nobody else can hold the lock of a generation that isn't there yet, unless the claim's file was lost.
      if (alive === undefined)
        throw new StepupError('lock-timeout', { path: this.#alivePath(generation), waitedMs: 0 });
      const ours: PromptClaim = { generation, prompter: this.#self, lastSignMs: options.now(), state: 'asking' };
      this.#write(ours);
      return { type: 'ours', claim: ours, alive };
    });
  }

  /** Changes the claim if it is still of this generation; answers whether it was. */
  update(generation: number, change: Partial<PromptClaim>): Promise<boolean> {
    return this.#exclusively(async () => {
      const claim = this.read();
      if (claim?.generation !== generation) return false;
      this.#write({ ...claim, ...change });
      return true;
    });
  }

  /** Removes the lock file of a generation that is over. */
  forget(generation: number): void {
    try {
      unlinkSync(this.#alivePath(generation));
    } catch {
      // Whoever took over has removed it.
    }
  }

  /** Whether somebody asks who can be waited for. */
  async isLively<T>(claim: PromptClaim, options: OnePromptOptions<T>, wasSilent: boolean): Promise<boolean> {
    if (claim.state !== 'asking') return false;
    const path = this.#alivePath(claim.generation);
    // No file: its prompter has ended and removed it, or another one has. (Asking for the lock would make it anew.)
    if (!existsSync(path)) return false;
    const freed = await tryLock(path, this.#self.program);
    if (freed !== undefined) {
      this.forget(claim.generation);
      freed.release();
      return false;
    }
    if (options.isStopped(claim.prompter.pid)) return false;
    const silentForMs = Math.abs(options.now() - claim.lastSignMs);
    return wasSilent || silentForMs < (options.silenceMs ?? defaultSilenceMs);
  }

  #write(claim: PromptClaim): void {
    writeFileAtomic(this.#claimPath, `${JSON.stringify(claim)}\n`, { exclusive: true });
  }

  #exclusively<R>(work: () => Promise<R>): Promise<R> {
    return withLock(this.#mutexPath, { program: this.#self.program, waitMs: mutexWaitMs }, work);
  }
}

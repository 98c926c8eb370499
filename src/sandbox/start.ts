import type { Authority, RoleSessionMfa } from '../enforcement/authority.ts';
import { createSessionTokens } from '../enforcement/session-token.ts';
import { fileSystemError } from '../files/modes.ts';
import { listenOnLoopback } from '../loopback/listen.ts';
import { ensureAccounts, type SandboxAccount } from './accounts.ts';
import { createClocks } from './clocks.ts';
import { openDataFolder } from './data-folder.ts';
import { createDirectory, createReplayMemory } from './directory.ts';
import { createFaults, type Fault } from './faults.ts';
import { createSignIns } from './federation/sign-ins.ts';
import { addForeignDevice, type ForeignDevice } from './foreign-devices.ts';
import { iamService } from './iam/service.ts';
import { openJournal } from './journal.ts';
import { createRandomness } from './randomness.ts';
import { type Bodies, collectBodies, folderBodies, memoryBodies } from './s3/bodies.ts';
import { createHandler } from './server/handler.ts';
import { createState, type State } from './state.ts';
import { createStsService } from './sts/service.ts';

export interface SandboxOptions {
  /** Of 127.0.0.1; 0 (the default) takes one that is free. */
  readonly port?: number;
  /** Where the state is kept; without it, it lives as long as the sandbox. Made with mode 0700 if it isn't there. */
  readonly dataDir?: string;
  /**
   * Twelve digits each; those that the data folder lacks are made. Default: what the folder has, or else
   * `123456789012`. The first may move the clock over HTTP.
   */
  readonly accounts?: readonly string[];
  /** What the authority's clock is based on, in epoch milliseconds. Default: the machine's clock. */
  readonly clock?: () => number;
  /** Whether role sessions entered from an MFA session carry its MFA keys. Default: `'false'`, as AWS documents. */
  readonly roleSessionMfa?: RoleSessionMfa;
  /** New users, groups, roles, policies and keys are found only after this long on the authority's clock. Default: 0. */
  readonly visibleAfterMs?: number;
  readonly faults?: readonly Fault[];
  /** Told of what went wrong inside (a full disk, say) when a client was answered with a server's error. */
  readonly onFailure?: (error: unknown) => void;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, for every service and for sign-in (`/federation`). */
  readonly endpoint: string;
  /** The accounts asked for, in that order, then those that the data folder had besides; with their root's key. */
  readonly accounts: readonly [SandboxAccount, ...SandboxAccount[]];
  readonly clock: SandboxClock;
  /** Bytes of an unfinished record, left by a kill, that were cut off the journal; it was never acknowledged. */
  readonly cutBytes: number;
  /** Lets something go wrong, as `faults` does. */
  addFault(fault: Fault): void;
  /** Gives a user a device that no API call can make. Answers its serial number. */
  addDevice(device: ForeignDevice): string;
  /** Ends every connection and lets go of the data folder. */
  close(): Promise<void>;
}

/** The authority's clock: code windows, MFA age, expiry, creation dates. Signature dates go by the machine's. */
export interface SandboxClock {
  now(): Date;
  /** Negative: back. Throws RangeError outside the years 1971 to 9999, as `set` does. */
  advanceSeconds(seconds: number): void;
  set(time: Date): void;
  reset(): void;
}

const random = createRandomness();

/**
 * Starts a local AWS on 127.0.0.1 that verifies signatures, codes and policies: STS, IAM, S3 and console sign-in.
 *
 * @throws StepupError `usage` (an account id that isn't twelve digits), `port-in-use`, `sandbox-data-in-use`,
 * `sandbox-data-foreign`, `sandbox-data-corrupt`, `sandbox-data-newer`, `unsafe-path`, `file-system`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { visibleAfterMs = 0, roleSessionMfa = 'false', onFailure = () => undefined } = options;
  // The clock's own offset is kept in the state: until that is read, nothing asks for the time.
  const state = createState({ visibleAfterMs, now: () => clocks.authority() });
  const storage = await openStorage(options.dataDir, state);
  const clocks = createClocks(state, Date.now, options.clock);
  const authority: Authority = {
    directory: createDirectory(state, clocks.authority),
    clocks,
    sessionTokens: createSessionTokens(storage.sealingKey, random),
    roleSessionMfa,
  };
  const faults = createFaults(options.faults);
  const world = { authority, store: state, clocks, random, faults, onFailure, bodies: storage.bodies };
  try {
    const accounts = ensureAccounts(state, options.accounts, clocks.authority(), random);
    const services = [createStsService(authority, createReplayMemory(state)), iamService];
    const signIns = createSignIns(random);
    const handler = createHandler({ world, services, signIns, firstAccountId: accounts[0].accountId });
    const server = await listenOnLoopback({ port: options.port ?? 0, handler });
    return {
      endpoint: server.origin,
      accounts,
      clock: {
        now: () => new Date(clocks.authority()),
        advanceSeconds: (seconds) => clocks.advance(seconds * 1000),
        set: (time) => clocks.set(time.getTime()),
        reset: () => clocks.reset(),
      },
      cutBytes: storage.cutBytes,
      addFault: (fault) => faults.add(fault),
      addDevice: (device) => addForeignDevice(state, device, clocks.authority(), random),
      async close() {
        await server.close();
        storage.close();
      },
    };
  } catch (error) {
    storage.close();
    throw error;
  }
}

interface Storage {
  readonly bodies: Bodies;
  readonly sealingKey: Buffer;
  readonly cutBytes: number;
  close(): void;
}

/** Fills the state from the data folder, if there is one, and keeps it there from now on. */
async function openStorage(dataDir: string | undefined, state: State): Promise<Storage> {
  if (dataDir === undefined) {
    return { bodies: memoryBodies(random), sealingKey: random.bytes(32), cutBytes: 0, close: () => state.close() };
  }
  const folder = await openDataFolder(dataDir, random);
  try {
    const { log, cutBytes } = openJournal({ path: folder.journalPath, restore: state.restore });
    state.attach(log);
    collectBodies(folder.bodiesPath, state.list('objects', ''));
    return {
      bodies: folderBodies(folder.bodiesPath, random),
      sealingKey: folder.sealingKey,
      cutBytes,
      close() {
        state.close();
        folder.release();
      },
    };
  } catch (error) {
    state.close();
    folder.release();
    throw fileSystemError(error, dataDir, 'open');
  }
}

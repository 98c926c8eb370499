/** A sandbox, and a setup's way to it: the connections, the SDK and the retries that `stepup setup` has. */
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { accessKeyLastUse, createAccessKey, deleteAccessKey, listAccessKeys } from '../../src/aws/iam-access-keys.ts';
import { type AccountConnections, accountAccess } from '../../src/guardrails/account-access.ts';
import {
  type ApplyPorts,
  type ApplyReport,
  applyPlan,
  type JournalEntry,
  observeAll,
} from '../../src/guardrails/apply/apply.ts';
import { type HandOverPorts, handOverKey } from '../../src/guardrails/apply/hand-over-key.ts';
import type { KeyStep } from '../../src/guardrails/apply/steps.ts';
import { type Blueprint, compileBlueprint } from '../../src/guardrails/blueprint/blueprint.ts';
import type { DesiredAccount } from '../../src/guardrails/desired-state/desired-state.ts';
import { readDesiredState } from '../../src/guardrails/desired-state/read.ts';
import { type Plan, planSetup } from '../../src/guardrails/plan/plan.ts';
import { encryptTo } from '../../src/keys/encrypt-to.ts';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { type Keys, type TriedSandbox, trySandbox } from './sandbox-clients.ts';

export const PEOPLE = '111122223333';
export const PROD = '444455556666';

export interface GuardrailsWorld extends TriedSandbox {
  readonly journal: JournalEntry[];
  /** Files of keys for others, by user name. */
  readonly keyFiles: Map<string, string>;
  /** Ports whose making of a key stops after this call of it. */
  stoppingKeys(after: string): Partial<ApplyPorts>;
  /** A key as root would make it; answers its id. */
  newKey(userName: string): Promise<string>;
  /** Calls of IAM and STS sent so far, by name. */
  readonly calls: string[];
  /** The most calls in flight at once. */
  readonly inFlight: { most: number };
  readonly ports: ApplyPorts;
  plan(blueprint: Blueprint): Promise<Plan>;
  /** Plans, applies, and throws what stopped it. */
  apply(blueprint: Blueprint, ports?: Partial<ApplyPorts>): Promise<ApplyReport>;
}

export const blueprintOf = (yaml: string): Blueprint => compileBlueprint(readDesiredState(yaml, 'stepup.yaml'));

export interface WorldOptions extends SandboxOptions {
  /** Who runs the setup, in place of each account's root. */
  readonly operators?: ReadonlyMap<string, Keys>;
}

export async function guardrailsWorld({ operators, ...options }: WorldOptions = {}): Promise<GuardrailsWorld> {
  const tried = await trySandbox({ accounts: [PEOPLE, PROD], ...options });
  const calls: string[] = [];
  const journal: JournalEntry[] = [];
  const inFlight = { now: 0, most: 0 };
  const connectionsOf = async ({ accountId }: DesiredAccount): Promise<AccountConnections> => {
    const credentials = operators?.get(accountId) ?? tried.sandbox.accounts.find((one) => one.accountId === accountId);
    if (credentials === undefined) throw new Error(`no account ${accountId}`);
    const connection = { credentials, now: Date.now, maxAnswerBytes: 64 * 1024 * 1024 };
    const url = new URL(tried.sandbox.endpoint);
    return {
      iam: { ...connection, endpoint: { service: 'iam', url, signingRegion: 'us-east-1' } },
      sts: { ...connection, endpoint: { service: 'sts', url, signingRegion: 'us-east-1' } },
    };
  };
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 5)));
  const patience = { now: () => tried.sandbox.clock.now().getTime(), pause };
  const access = accountAccess(connectionsOf, patience);
  const counted = async <T>(names: readonly string[], work: () => Promise<T>): Promise<T> => {
    calls.push(...names);
    inFlight.now += 1;
    inFlight.most = Math.max(inFlight.most, inFlight.now);
    try {
      return await work();
    } finally {
      inFlight.now -= 1;
    }
  };
  const keyFiles = new Map<string, string>();
  const keyPorts = (step: KeyStep): HandOverPorts => {
    const userName = step.user.name;
    const iam = async () => (await connectionsOf(step.account)).iam;
    return {
      ...patience,
      listKeys: async () => (await listAccessKeys(await iam(), userName)).map(({ accessKeyId }) => accessKeyId),
      isUnused: async (accessKeyId) => (await accessKeyLastUse(await iam(), accessKeyId)).type === 'never',
      deleteKey: async (accessKeyId) => deleteAccessKey(await iam(), { userName, accessKeyId }),
      createKey: async () => createAccessKey(await iam(), userName),
      tagUser: (Tags) => access.send(step.account, { action: 'TagUser', input: { UserName: userName, Tags } }),
      encrypt: encryptTo,
      save: (encrypted) => {
        keyFiles.set(userName, encrypted);
        return `${userName}.key.age`;
      },
    };
  };
  const ports: ApplyPorts = {
    ...patience,
    send: (account, call) => counted([call.action], () => access.send(account, call)),
    observe: (account) => counted(['Observe'], () => access.observe(account)),
    setupOf: (account, target) => counted(['Get'], () => access.setupOf(account, target)),
    journal: (entry) => void journal.push(entry),
    handOverKey: (step) => handOverKey('stepup', step, keyPorts(step)),
    onProgress: () => undefined,
  };
  const plan = async (blueprint: Blueprint) =>
    planSetup(blueprint, await observeAll(blueprint, ports.observe), tried.sandbox.clock.now().getTime());
  return {
    ...tried,
    journal,
    keyFiles,
    stoppingKeys: (after) => ({
      handOverKey: (step) => handOverKey('stepup', step, stoppingAfter(after, keyPorts(step))),
    }),
    async newKey(UserName) {
      const { AccessKey } = await tried.iam().send(new CreateAccessKeyCommand({ UserName }));
      return AccessKey?.AccessKeyId ?? '';
    },
    calls,
    inFlight,
    ports,
    plan,
    async apply(blueprint, others = {}) {
      const report = await applyPlan(blueprint, await plan(blueprint), {
        ...ports,
        ...others,
      });
      if (report.failure !== undefined) throw report.failure;
      return report;
    },
  };
}

/** The same ports, but that each throws once this one of them has answered. */
function stoppingAfter(name: string, ports: HandOverPorts): HandOverPorts {
  return new Proxy(ports, {
    get: (target, property: keyof HandOverPorts) => {
      if (property !== name) return target[property];
      const stop = (): never => {
        throw new Error('stopped');
      };
      return (...args: never[]) => {
        const answer = (target[property] as (...all: never[]) => unknown)(...args);
        return answer instanceof Promise ? answer.then(stop) : stop();
      };
    },
  });
}

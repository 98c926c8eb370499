/** The library: what tests and tools of others may build on (docs/sandbox.md, docs/policy.md). */
export type { SandboxAccount } from './sandbox/accounts.ts';
export type { Fault } from './sandbox/faults.ts';
export type { ForeignDevice } from './sandbox/foreign-devices.ts';
export { type Sandbox, type SandboxClock, type SandboxOptions, startSandbox } from './sandbox/start.ts';

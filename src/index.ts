/** The library: what tests and tools of others may build on (docs/sandbox.md, docs/policy.md). */
export { type PolicyQuestion, policyAllowsWithoutMfa } from './policy/ask/one-policy.ts';
export {
  type Assumption,
  allowsWithoutMfa,
  type CredentialWithoutMfa,
  type MfaAnswer,
  type MfaQuestion,
  type Obstacle,
} from './policy/ask/without-mfa.ts';
export { decide } from './policy/decide.ts';
export type { Decision, PolicyType, Verdict } from './policy/decision.ts';
export { type Evaluation, type EvaluationInput, evaluate, readQuestion } from './policy/evaluate.ts';
export type { Explanation } from './policy/explanation.ts';
export { parsePolicy } from './policy/parse.ts';
export { type PreparedPolicy, preparePolicy } from './policy/prepare.ts';
export type { AccessRequest, PolicySet, Principal, RequestContext } from './policy/request.ts';
export type { SandboxAccount } from './sandbox/accounts.ts';
export type { Fault } from './sandbox/faults.ts';
export type { ForeignDevice } from './sandbox/foreign-devices.ts';
export { type Sandbox, type SandboxClock, type SandboxOptions, startSandbox } from './sandbox/start.ts';

/** A plan and its report as JSON, without what only the machinery needs. */
import { isStepupError } from '../../errors.ts';
import type { ApplyReport } from '../../guardrails/apply/apply.ts';
import type { Step } from '../../guardrails/apply/steps.ts';
import type { Price } from '../../guardrails/desired-state/prices.ts';
import type { Plan } from '../../guardrails/plan/plan.ts';
import type { RolePlan } from '../../guardrails/plan/plan-role.ts';
import type { UserPlan } from '../../guardrails/plan/plan-user.ts';
import { wordError } from '../wording/wording.ts';

export function planJson({ setup, accounts, refusals }: Plan, prices: readonly Price[]): object {
  return {
    setup,
    accounts: accounts.map(({ account, users, roles, leftovers }) => ({
      account: account.label,
      accountId: account.accountId,
      users: users.map(entityJson),
      roles: roles.map(entityJson),
      leftovers,
    })),
    refusals,
    prices,
  };
}

function entityJson({ arn, name, state, changes, extras }: UserPlan | RolePlan): object {
  return { arn, name, state: changes.length === 0 ? 'left' : state === 'new' ? 'created' : 'changed', changes, extras };
}

/** `calls`: requests to AWS, those for reading and those made again included. */
export function reportJson({ done, left, failure }: ApplyReport, calls: number): object {
  return {
    calls,
    done: done.map(({ step, outcome, where }) => ({
      ...stepJson(step),
      outcome,
      ...(where !== undefined && { where }),
    })),
    left: left.map(stepJson),
    ...(failure !== undefined && {
      failure: isStepupError(failure)
        ? { code: failure.code, ...(failure.code !== 'interrupted' && { problem: wordError(failure).what }) }
        : { code: 'internal', problem: failure instanceof Error ? failure.message : String(failure) },
    }),
  };
}

function stepJson(step: Step): object {
  const { account, target, phase } = step;
  return { account: account.label, target, phase, action: step.type === 'call' ? step.call.action : 'CreateAccessKey' };
}

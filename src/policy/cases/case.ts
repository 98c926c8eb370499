/** The form of the hand-worked cases: a question, the answer on AWS, and the rule of AWS that says so. */
import type { PolicyType, Verdict } from '../decision.ts';
import type { EvaluationInput } from '../evaluate.ts';

export interface Case extends Partial<Omit<EvaluationInput, 'request'>> {
  readonly name: string;
  /** Where AWS says so. */
  readonly rule: string;
  readonly request?: Partial<EvaluationInput['request']>;
  readonly answer: Verdict;
  /** Whom the denial would name. */
  readonly by?: PolicyType;
}

export const HOME = '111111111111';
export const OTHER = '222222222222';
export const ALICE = `arn:aws:iam::${HOME}:user/alice`;
export const ROOT = `arn:aws:iam::${HOME}:root`;
export const ROLE = `arn:aws:iam::${HOME}:role/worker`;
export const SESSION = `arn:aws:sts::${HOME}:assumed-role/worker/job-1`;
export const FEDERATED = `arn:aws:sts::${HOME}:federated-user/visitor`;
export const GATED = `arn:aws:iam::${HOME}:role/admin`;
export const GATED_ELSEWHERE = `arn:aws:iam::${OTHER}:role/admin`;
export const OBJECT = 'arn:aws:s3:::vault/plan.txt';

/** Alice reads an object of her account, unless a case says otherwise. */
export const USUAL_REQUEST: EvaluationInput['request'] = {
  principal: ALICE,
  action: 's3:GetObject',
  resource: OBJECT,
  context: {},
};

type Members = Readonly<Record<string, unknown>>;

/** A document of the present version. */
export function policy(...Statement: readonly Members[]): Members {
  return { Version: '2012-10-17', Statement };
}

export function allow(members: Members = {}): Members {
  return { Effect: 'Allow', Action: 's3:*', Resource: '*', ...members };
}

export function deny(members: Members = {}): Members {
  return { Effect: 'Deny', Action: 's3:*', Resource: '*', ...members };
}

/** A trust policy's statement. */
export function trust(AWS: string | readonly string[], members: Members = {}): Members {
  return { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...members };
}

/** An Allow of everything, with a condition. */
export function allowIf(Condition: Members, members: Members = {}): Members {
  return policy(allow({ Condition, ...members }));
}

/** A resource's policy that allows everything to this principal. */
export function granting(Principal: unknown, members: Members = {}): Members {
  return policy(allow({ Principal, ...members }));
}

/** Limits that don't deny in so many words: they allow something else. */
export const narrow = policy(allow({ Action: 'ec2:*' }));

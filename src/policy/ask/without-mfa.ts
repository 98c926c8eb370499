/**
 * "Can somebody who never gave a code do this?": is there a request context without MFA for which the policies allow a
 * request? The answer is sound: it is never "no" where such a context exists. It may be "cannot tell".
 *
 * What a "no" rests on: policies are those given; a condition key has the values that AWS documents for it (one value
 * where the key is single-valued, any string as its value); keys are independent of each other, so that what AWS never
 * sends together is still tried. The last makes a "yes" out of some contexts that can't be: it lists what it assumed.
 *
 * Cost: a walk over the strings that tell a key's conditions apart (string-classes.ts), then a search over the keys
 * that hang together (search.ts). Both have bounds; beyond them the answer is "cannot tell".
 */
import { decide } from '../decide.ts';
import type { PolicyType } from '../decision.ts';
import type { AccessRequest, PolicySet } from '../request.ts';
import { candidatesOf, type KeyValue } from './key-candidates.ts';
import { contextOf, standingOf, truthOf, verdictAt } from './outlook.ts';
import {
  type ReducedPolicies,
  type RelevantStatement,
  reducePolicies,
  type StatementPlace,
} from './relevant-statements.ts';
import { type Assignment, search } from './search.ts';

/** Credentials that no code was given for. */
export type CredentialWithoutMfa = 'long-term key' | 'session without MFA' | 'session without MFA keys';

export interface MfaQuestion extends Omit<AccessRequest, 'context' | 'resourceContext'> {
  readonly policies: PolicySet;
  /**
   * Condition keys whose value is known, by name in lower case: what the principal always brings (`aws:username`), or
   * what the caller wants to hold fixed. All others may have any value, or none.
   */
  readonly known?: ReadonlyMap<string, KeyValue>;
}

export type MfaAnswer =
  | { readonly answer: 'no'; readonly obstacles: readonly Obstacle[] }
  | {
      readonly answer: 'yes';
      readonly credential: CredentialWithoutMfa;
      /** A context that `decide` allows, by key in lower case. */
      readonly context: ReadonlyMap<string, readonly string[]>;
      /** The statements that allow it there. */
      readonly statements: readonly StatementPlace[];
      readonly assumptions: readonly Assumption[];
    }
  | {
      readonly answer: 'cannot tell';
      readonly credential: CredentialWithoutMfa;
      readonly why: string;
      readonly keys: readonly string[];
    };

/** Why one kind of credential doesn't get through. */
export interface Obstacle {
  readonly credential: CredentialWithoutMfa;
  /** The type of policy in the way; absent where no single one is, only conditions that exclude each other. */
  readonly decidedBy?: PolicyType;
  /** Keys whose conditions exclude each other. */
  readonly contradictoryKeys: readonly string[];
  readonly deniedBy: readonly StatementPlace[];
}

/** A condition key that the counter-example needs to be so. */
export interface Assumption {
  readonly key: string;
  readonly value: KeyValue;
  /** The statements that read it. */
  readonly readBy: readonly StatementPlace[];
}

interface Credential {
  readonly credential: CredentialWithoutMfa;
  readonly fixed: ReadonlyMap<string, KeyValue>;
}

const AGE_ABSENT = ['aws:multifactorauthage', 'absent'] as const;
const KEYS_ABSENT = [['aws:multifactorauthpresent', 'absent'], AGE_ABSENT] as const;

const SESSIONS: readonly Credential[] = [
  {
    // GetSessionToken without a code, a role entered by a long-term key, a call that a service forwards.
    credential: 'session without MFA',
    fixed: new Map<string, KeyValue>([['aws:multifactorauthpresent', ['false']], AGE_ABSENT]),
  },
  // SAML, web identity, Identity Center, GetFederationToken.
  { credential: 'session without MFA keys', fixed: new Map<string, KeyValue>(KEYS_ABSENT) },
];

const LONG_TERM_KEY: Credential = {
  credential: 'long-term key',
  // AWS global condition context keys, aws:TokenIssueTime: not present in requests signed with a long-term key.
  fixed: new Map<string, KeyValue>([...KEYS_ABSENT, ['aws:tokenissuetime', 'absent']]),
};

/** Only users and root have long-term keys. */
function credentialsOf({ principal }: MfaQuestion): readonly Credential[] {
  return principal.type === 'user' || principal.type === 'root' ? [LONG_TERM_KEY, ...SESSIONS] : SESSIONS;
}

/** Whether the whole policy set allows the request for credentials without MFA. Never throws. */
export function allowsWithoutMfa(question: MfaQuestion): MfaAnswer {
  const reduced = reducePolicies(question.policies, question);
  const obstacles: Obstacle[] = [];
  let doubt: Extract<MfaAnswer, { readonly answer: 'cannot tell' }> | undefined;
  for (const { credential, fixed } of credentialsOf(question)) {
    const answer = tryCredential(question, reduced, credential, new Map([...(question.known ?? []), ...fixed]));
    if ('answer' in answer && answer.answer === 'yes') return answer;
    if ('answer' in answer) doubt ??= answer;
    else obstacles.push(answer);
  }
  return doubt ?? { answer: 'no', obstacles };
}

function tryCredential(
  question: MfaQuestion,
  reduced: ReducedPolicies,
  credential: CredentialWithoutMfa,
  fixed: ReadonlyMap<string, KeyValue>,
): Exclude<MfaAnswer, { readonly answer: 'no' }> | Obstacle {
  const { statements } = reduced;
  const candidates = candidatesOf({
    conditions: statements.flatMap(({ conditions }) => conditions),
    resourceTemplates: statements.flatMap(({ resourceTemplates }) => resourceTemplates),
    resource: question.resource,
    fixed,
  });
  const outcome = search(candidates, fixed, (assignment) => standingOf(question, reduced, assignment));
  if (outcome.outcome === 'undecided') {
    return { answer: 'cannot tell', credential, why: outcome.why, keys: [...outcome.keys] };
  }
  if (outcome.outcome === 'none') return obstacleOf(question, reduced, credential, fixed, outcome.because);
  const context = contextOf(outcome.assignment);
  if (decide({ ...question, context }, question.policies).verdict !== 'allowed') {
    return {
      answer: 'cannot tell',
      credential,
      why: 'the counter-example was not confirmed',
      keys: [...context.keys()],
    };
  }
  return {
    answer: 'yes',
    credential,
    context,
    statements: statements
      .filter((each) => each.place.effect === 'Allow' && truthOf(each, outcome.assignment, question.resource) === true)
      .map(({ place }) => place),
    assumptions: assumptionsOf(outcome.assignment, fixed, statements),
  };
}

/** What stands in the way before anything is assumed, or else the keys that can't be had together. */
function obstacleOf(
  question: MfaQuestion,
  reduced: ReducedPolicies,
  credential: CredentialWithoutMfa,
  fixed: ReadonlyMap<string, KeyValue>,
  contradictory: ReadonlySet<string>,
): Obstacle {
  const { verdict, decidedBy } = verdictAt('best', question, reduced, fixed);
  const denies = reduced.statements.filter(
    (each) => each.place.effect === 'Deny' && truthOf(each, fixed, question.resource) === true,
  );
  return {
    credential,
    ...(verdict === 'allowed' || decidedBy === undefined ? {} : { decidedBy }),
    contradictoryKeys: [...contradictory],
    deniedBy: denies.map(({ place }) => place),
  };
}

/** The keys that the search gave a value; what MFA and the caller's knowledge fix isn't assumed. */
function assumptionsOf(
  assignment: Assignment,
  fixed: ReadonlyMap<string, KeyValue>,
  statements: readonly RelevantStatement[],
): readonly Assumption[] {
  return [...assignment].flatMap(([key, value]) =>
    fixed.has(key)
      ? []
      : [
          {
            key,
            value: value === 'unknown' ? 'absent' : value,
            readBy: statements.filter((each) => each.keys.includes(key)).map(({ place }) => place),
          },
        ],
  );
}

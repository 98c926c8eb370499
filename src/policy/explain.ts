import { changesFor } from './changes.ts';
import type { RequestContext } from './context.ts';
import { decide } from './decide.ts';
import type { Explanation, PolicyExplanation, StatementExplanation } from './explanation.ts';
import { conditionsCompared, findMismatches } from './mismatch.ts';
import { meansToAllow } from './policy-answers.ts';
import type { PreparedPolicy } from './prepare.ts';
import { strongerNaming } from './principal.ts';
import { openQuestion, type Question } from './question.ts';
import type { AccessRequest, PolicySet } from './request.ts';
import { hasSay, SIDES, type Side, typeOfSide } from './sides.ts';
import { rulesFor } from './special-rules.ts';
import type { PreparedStatement } from './statement.ts';

/** Why `decide` answers as it does: every policy and statement, and what would have to change. Never throws. */
export function explain(request: AccessRequest, policies: PolicySet): Explanation {
  const question = openQuestion(request, policies);
  const decision = decide(request, policies);
  const explained: PolicyExplanation[] = [];
  for (const side of SIDES) {
    if (policies[side] !== undefined) explainSide(explained, side, question, policies);
  }
  const rules = rulesFor(question);
  const changes = changesFor(decision, question, policies, explained);
  const { verdict, decidedBy } = decision;
  return decidedBy === undefined
    ? { verdict, rules, policies: explained, changes }
    : { verdict, decidedBy, rules, policies: explained, changes };
}

/** Adds the policies that stand on a side. */
function explainSide(explained: PolicyExplanation[], side: Side, question: Question, policies: PolicySet): void {
  const type = typeOfSide(side, question, policies);
  const add = (policy: PreparedPolicy, index: number, level?: number): void => {
    const context = side === 'resource' ? question.resourceContext : question.context;
    const statements = policy.statements.map((statement) => explainStatement(statement, question, context));
    const { says, statement, naming } = whatIsSaid(policy, statements, question);
    const explanation: Writable<PolicyExplanation> = { type, index, hasSay: hasSay(side, question), says, statements };
    if (level !== undefined) explanation.level = level;
    if (statement !== undefined) explanation.decidingStatement = statement;
    if (naming !== undefined && side === 'resource') explanation.naming = naming;
    explained.push(explanation);
  };
  switch (side) {
    case 'resourceControl':
    case 'serviceControl':
      policies[side]?.forEach((policiesOfLevel, level) => {
        policiesOfLevel.forEach((policy, index) => {
          add(policy, index, level);
        });
      });
      break;
    case 'resource':
    case 'permissionsBoundary':
      if (policies[side] !== undefined) add(policies[side], 0);
      break;
    default:
      policies[side]?.forEach((policy, index) => {
        add(policy, index);
      });
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Saying extends Pick<PolicyExplanation, 'says' | 'naming'> {
  readonly statement?: number;
}

const NOTHING: Saying = { says: 'nothing' };

/** The first statement that denies has the word; else the one that allows most directly. */
function whatIsSaid(policy: PreparedPolicy, explained: readonly StatementExplanation[], question: Question): Saying {
  let saying = NOTHING;
  for (let index = 0; index < policy.statements.length; index += 1) {
    const statement = policy.statements[index];
    if (statement === undefined || explained[index]?.matched !== true) continue;
    if (statement.source.effect === 'Deny') return { says: 'deny', statement: index };
    const naming = strongerNaming(saying.naming, meansToAllow(statement, question));
    if (naming !== undefined && naming !== saying.naming) saying = { says: 'allow', statement: index, naming };
  }
  return saying;
}

function explainStatement(
  statement: PreparedStatement,
  question: Question,
  context: RequestContext,
): StatementExplanation {
  const { index, sid, effect, location } = statement.source;
  const mismatches = findMismatches(statement, question, context);
  const matched = mismatches.length === 0;
  const explained: StatementExplanation =
    sid === undefined
      ? { index, effect, location, matched, mismatches }
      : { index, sid, effect, location, matched, mismatches };
  const met = matched ? conditionsCompared(statement, context) : [];
  return met.length === 0 ? explained : { ...explained, met };
}

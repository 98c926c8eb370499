import { changesFor } from './changes.ts';
import { decide } from './decide.ts';
import type { Explanation, PolicyExplanation, StatementExplanation } from './explanation.ts';
import { findMismatches } from './mismatch.ts';
import { meansToAllow } from './policy-answers.ts';
import type { PreparedPolicy } from './prepare.ts';
import { type Naming, strongerNaming } from './principal.ts';
import { openQuestion, type Question } from './question.ts';
import type { AccessRequest, PolicySet } from './request.ts';
import { hasSay, SIDES, type Side, typeOfSide } from './sides.ts';
import { rulesFor } from './special-rules.ts';
import type { PreparedStatement } from './statement.ts';

/** Why `decide` answers as it does: every policy and statement, and what would have to change. Never throws. */
export function explain(request: AccessRequest, policies: PolicySet): Explanation {
  const question = openQuestion(request, policies);
  const decision = decide(request, policies);
  const explained = SIDES.flatMap((side) => explainSide(side, question, policies));
  return {
    ...decision,
    rules: rulesFor(question),
    policies: explained,
    changes: changesFor(decision, question, policies, explained),
  };
}

function explainSide(side: Side, question: Question, policies: PolicySet): readonly PolicyExplanation[] {
  const header = { type: typeOfSide(side, question, policies), hasSay: hasSay(side, question) };
  switch (side) {
    case 'resourceControl':
    case 'serviceControl':
      return (policies[side] ?? []).flatMap((level, depth) =>
        level.map((policy, index) => ({ ...header, level: depth, index, ...explainPolicy(policy, question) })),
      );
    case 'resource':
    case 'permissionsBoundary': {
      const policy = policies[side];
      return policy === undefined ? [] : [{ ...header, index: 0, ...explainPolicy(policy, question, side) }];
    }
    default:
      return (policies[side] ?? []).map((policy, index) => ({ ...header, index, ...explainPolicy(policy, question) }));
  }
}

type Body = Pick<PolicyExplanation, 'says' | 'decidingStatement' | 'naming' | 'statements'>;

function explainPolicy(policy: PreparedPolicy, question: Question, side?: Side): Body {
  const context = side === 'resource' ? question.resourceContext : question.context;
  const statements = [...policy.denies, ...policy.allows]
    .sort((a, b) => a.source.index - b.source.index)
    .map((statement) => ({ statement, explained: explainStatement(statement, question, context) }));
  const matched = statements.filter(({ explained }) => explained.matched);
  const all = { statements: statements.map(({ explained }) => explained) };

  const denying = matched.find(({ explained }) => explained.effect === 'Deny');
  if (denying !== undefined) return { says: 'deny', decidingStatement: denying.explained.index, ...all };
  let allowing: { readonly index: number; readonly naming: Naming } | undefined;
  for (const { statement, explained } of matched) {
    const naming = meansToAllow(statement, question);
    if (naming === undefined || strongerNaming(allowing?.naming, naming) === allowing?.naming) continue;
    allowing = { index: explained.index, naming };
  }
  if (allowing === undefined) return { says: 'nothing', ...all };
  const naming = side === 'resource' && { naming: allowing.naming };
  return { says: 'allow', decidingStatement: allowing.index, ...naming, ...all };
}

function explainStatement(
  statement: PreparedStatement,
  question: Question,
  context: Question['context'],
): StatementExplanation {
  const { index, sid, effect, location } = statement.source;
  const mismatches = findMismatches(statement, question, context);
  return {
    index,
    ...(sid !== undefined && { sid }),
    effect,
    location,
    matched: mismatches.length === 0,
    mismatches,
  };
}

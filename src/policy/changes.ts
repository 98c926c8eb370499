import { sidesThatMustAllow } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Change, PolicyExplanation, StatementPlace } from './explanation.ts';
import { namingBy } from './policy-answers.ts';
import type { Question } from './question.ts';
import type { PolicySet } from './request.ts';
import { hasSay, type Side, sideAllows, typeOfSide } from './sides.ts';
import { isClosedToRoot, isClosedToSessions } from './special-rules.ts';

/** All that would have to change for the request to be allowed: denies to lift first, then allowances that lack. */
export function changesFor(
  { verdict }: Decision,
  question: Question,
  policies: PolicySet,
  explained: readonly PolicyExplanation[],
): readonly Change[] {
  if (verdict === 'allowed') return [];
  if (isClosedToRoot(question)) return [{ change: 'none-possible', rule: 'closed-to-root' }];
  if (isClosedToSessions(question)) return [{ change: 'none-possible', rule: 'closed-to-sessions' }];
  const naming = policies.resource && namingBy(policies.resource, question);
  const silent = sidesThatMustAllow(question, policies, naming).filter(
    (side) => hasSay(side, question) && !sideAllows(side, question, policies, naming),
  );
  return [
    ...explained.filter((policy) => policy.hasSay).flatMap(deniesToLift),
    ...silent.flatMap((side) => allowancesLacking(side, question, policies, explained)),
  ];
}

function deniesToLift(policy: PolicyExplanation): readonly Change[] {
  return policy.statements
    .filter(({ effect, matched }) => effect === 'Deny' && matched)
    .map(({ index }) => ({ change: 'lift-deny', place: placeOf(policy, index) }));
}

/** Of service control policies, each level that doesn't allow must come to allow. */
function allowancesLacking(
  side: Side,
  question: Question,
  policies: PolicySet,
  explained: readonly PolicyExplanation[],
): readonly Change[] {
  const type = typeOfSide(side, question, policies);
  const ofType = explained.filter((policy) => policy.type === type);
  if (side !== 'serviceControl') return [{ change: 'allow', type, nearest: nearestAllows(ofType) }];
  return (policies.serviceControl ?? []).flatMap((_, level) => {
    const ofLevel = ofType.filter((policy) => policy.level === level);
    const allows = ofLevel.some(({ statements }) =>
      statements.some(({ effect, matched }) => effect === 'Allow' && matched),
    );
    return allows ? [] : [{ change: 'allow' as const, type, level, nearest: nearestAllows(ofLevel) }];
  });
}

/** The Allow statements about this action that fail on the fewest elements. */
function nearestAllows(
  policies: readonly PolicyExplanation[],
): Extract<Change, { readonly change: 'allow' }>['nearest'] {
  const candidates = policies.flatMap((policy) =>
    policy.statements
      .filter(
        ({ effect, mismatches }) => effect === 'Allow' && mismatches.every(({ element }) => !/Action$/.test(element)),
      )
      .map(({ index, mismatches }) => ({ ...placeOf(policy, index), mismatches })),
  );
  const fewest = Math.min(...candidates.map(({ mismatches }) => mismatches.length));
  return candidates.filter(({ mismatches }) => mismatches.length === fewest);
}

function placeOf({ type, level, index }: PolicyExplanation, statement: number): StatementPlace {
  return { type, ...(level !== undefined && { level }), index, statement };
}

/**
 * What a document that follows the grammar must hold to beside it, by its kind. The rules stand in the order in which
 * IAM looks: of two flaws it names the one that comes first here.
 */
import { actionFlaw } from './action-format.ts';
import { parseDate } from './conditions/date.ts';
import type { Location, PolicyKind } from './document.ts';
import { type Flaw, LEGACY_PARSING } from './malformed.ts';
import { isBrokenArn, resourceFlaw } from './resource-format.ts';
import type { Source } from './source.ts';
import { type Draft, locateValue } from './statement-syntax.ts';

interface KindRules {
  readonly principal: 'demanded' | 'prohibited';
  readonly resource: 'demanded' | 'optional' | 'prohibited';
  /** NotPrincipal is for Deny statements of a resource's policy alone. */
  readonly mayNegatePrincipal: boolean;
  /** IAM's own checks of Sid and of resource ARNs; other services have their own, or none. */
  readonly isIams: boolean;
}

const PERMISSIONS: KindRules = {
  principal: 'prohibited',
  resource: 'demanded',
  mayNegatePrincipal: false,
  isIams: true,
};

const KIND_RULES: Readonly<Record<PolicyKind, KindRules>> = {
  identity: PERMISSIONS,
  boundary: PERMISSIONS,
  session: PERMISSIONS,
  scp: { ...PERMISSIONS, isIams: false },
  rcp: { principal: 'demanded', resource: 'demanded', mayNegatePrincipal: false, isIams: false },
  trust: { principal: 'demanded', resource: 'prohibited', mayNegatePrincipal: false, isIams: true },
  // Some services' policies have no Resource: it is what they hang on (Amazon ECR).
  resource: { principal: 'demanded', resource: 'optional', mayNegatePrincipal: true, isIams: false },
};

interface Checked {
  readonly source: Source;
  readonly kind: PolicyKind;
  readonly rules: KindRules;
}

type Rule = (drafts: readonly Draft[], checked: Checked) => Flaw | undefined;

const RULES: readonly Rule[] = [
  each(effectIsInItsCase),
  each(datesAreDates),
  iamOnly(arnsAreWhole),
  iamOnly(sidsAreUnique),
  iamOnly(each(sidIsAlphanumeric)),
  each(principalIsInPlace),
  each(actionsAreThere),
  iamOnly(each(resourcesAreWellFormed)),
  each(actionsAreWellFormed),
  each(resourceIsInPlace),
];

/** The first flaw by IAM's order; undefined: each draft is a whole statement. */
export function findFlaw(source: Source, drafts: readonly Draft[], kind: PolicyKind): Flaw | undefined {
  const checked = { source, kind, rules: KIND_RULES[kind] };
  for (const rule of RULES) {
    const flaw = rule(drafts, checked);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function each(rule: (draft: Draft, checked: Checked) => Flaw | undefined): Rule {
  return (drafts, checked) => {
    for (const draft of drafts) {
      const flaw = rule(draft, checked);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  };
}

function iamOnly(rule: Rule): Rule {
  return (drafts, checked) => (checked.rules.isIams ? rule(drafts, checked) : undefined);
}

function flaw(aws: string, problem: string, location: Location): Flaw {
  return { aws, problem, location };
}

function effectIsInItsCase(draft: Draft, { source }: Checked): Flaw | undefined {
  const { effect } = draft.statement;
  if (effect === 'Allow' || effect === 'Deny') return undefined;
  return flaw(
    LEGACY_PARSING,
    'Effect must be "Allow" or "Deny", in this case',
    locateValue(source, draft, 'Effect', 0),
  );
}

function datesAreDates({ statement }: Draft): Flaw | undefined {
  for (const { operator, values, location } of statement.conditions) {
    if (!operator.startsWith('Date')) continue;
    const wrong = values.find((value) => parseDate(value) === undefined);
    if (wrong !== undefined) return flaw(LEGACY_PARSING, `${JSON.stringify(wrong)} is no date`, location);
  }
  return undefined;
}

/** IAM's older parser comes no further than the first statement with a resource that IAM itself finds wrong. */
function arnsAreWhole(drafts: readonly Draft[], checked: Checked): Flaw | undefined {
  for (const [index, draft] of drafts.entries()) {
    const broken = ofResources(draft, checked, brokenArn);
    if (broken === undefined) continue;
    const comesSoFar = drafts.slice(0, index + 1).every((one) => resourcesAreWellFormed(one, checked) === undefined);
    return comesSoFar ? broken : undefined;
  }
  return undefined;
}

function brokenArn(resource: string): Omit<Flaw, 'location'> | undefined {
  return isBrokenArn(resource) ? { aws: LEGACY_PARSING, problem: `${JSON.stringify(resource)} is no ARN` } : undefined;
}

function resourcesAreWellFormed(draft: Draft, checked: Checked): Flaw | undefined {
  return ofResources(draft, checked, resourceFlaw);
}

function ofResources(
  draft: Draft,
  { source }: Checked,
  check: (resource: string) => Omit<Flaw, 'location'> | undefined,
): Flaw | undefined {
  const { resource } = draft.statement;
  if (resource === undefined) return undefined;
  for (let index = 0; index < resource.values.length; index += 1) {
    const found = check(resource.values[index] ?? '');
    if (found === undefined) continue;
    return { ...found, location: locateValue(source, draft, resource.negated ? 'NotResource' : 'Resource', index) };
  }
  return undefined;
}

function sidsAreUnique(drafts: readonly Draft[], { source }: Checked): Flaw | undefined {
  const seen = new Set<string>();
  for (const draft of drafts) {
    const { sid } = draft.statement;
    if (sid === undefined || sid === '') continue;
    if (seen.has(sid)) {
      const aws = 'Statement IDs (SID) in a single policy must be unique.';
      return flaw(aws, `the Sid ${JSON.stringify(sid)} stands twice`, locateValue(source, draft, 'Sid', 0));
    }
    seen.add(sid);
  }
  return undefined;
}

function sidIsAlphanumeric(draft: Draft, { source }: Checked): Flaw | undefined {
  const { sid } = draft.statement;
  if (sid === undefined || /^[0-9A-Za-z]*$/.test(sid)) return undefined;
  const aws =
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  return flaw(aws, 'Sid may hold nothing but letters and digits', locateValue(source, draft, 'Sid', 0));
}

function principalIsInPlace({ statement }: Draft, { rules, kind }: Checked): Flaw | undefined {
  const { principal } = statement;
  if (principal === undefined) {
    if (rules.principal === 'prohibited') return undefined;
    return flaw('Missing required field Principal', 'the statement has no Principal', statement.location);
  }
  if (rules.principal === 'prohibited') {
    const problem = `a policy of kind "${kind}" has no Principal: it is about whom it hangs on`;
    return flaw('Policy document should not specify a principal.', problem, principal.location);
  }
  if (!principal.negated) return undefined;
  if (!rules.mayNegatePrincipal) {
    const problem = `a policy of kind "${kind}" may not have NotPrincipal`;
    return flaw('Has prohibited field NotPrincipal', problem, principal.location);
  }
  if (statement.effect === 'Deny') return undefined;
  return flaw('Has prohibited field NotPrincipal', 'NotPrincipal goes with Deny only', principal.location);
}

function actionsAreThere({ statement }: Draft): Flaw | undefined {
  if (statement.action !== undefined && statement.action.values.length > 0) return undefined;
  const location = statement.action?.location ?? statement.location;
  return flaw('Policy statement must contain actions.', 'the statement has no Action', location);
}

function actionsAreWellFormed(draft: Draft, { source, kind }: Checked): Flaw | undefined {
  const { action } = draft.statement;
  if (action === undefined) return undefined;
  for (let index = 0; index < action.values.length; index += 1) {
    const found = actionFlaw(action.values[index] ?? '', kind);
    if (found === undefined) continue;
    return { ...found, location: locateValue(source, draft, action.negated ? 'NotAction' : 'Action', index) };
  }
  return undefined;
}

function resourceIsInPlace({ statement }: Draft, { rules }: Checked): Flaw | undefined {
  const { resource } = statement;
  if (rules.resource === 'prohibited') {
    if (resource === undefined) return undefined;
    const aws = `Has prohibited field ${resource.negated ? 'NotResource' : 'Resource'}`;
    return flaw(aws, 'a trust policy has no Resource: it is about the role that it hangs on', resource.location);
  }
  if (resource === undefined ? rules.resource === 'optional' : resource.values.length > 0) return undefined;
  const location = resource?.location ?? statement.location;
  return flaw('Policy statement must contain resources.', 'the statement has no Resource', location);
}

import { allow, allowIf, type Case, deny, policy } from './case.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;
type Members = Readonly<Record<string, unknown>>;

const OPERATORS = 'IAM User Guide, condition operators';

/** An Allow with this condition, asked with this context. */
export function inAllow(name: string, rule: string, condition: Members, context: Context, isAllowed: boolean): Case {
  return {
    name: `${name}: ${isAllowed ? 'holds' : 'does not hold'}`,
    rule: `${OPERATORS}: ${rule}`,
    identityPolicies: [allowIf(condition)],
    request: { context },
    ...(isAllowed ? { answer: 'allowed' } : { answer: 'implicitDeny', by: 'identity-based policy' }),
  };
}

/** The same condition on a Deny beside an Allow of everything. */
export function inDeny(name: string, rule: string, condition: Members, context: Context, isDenied: boolean): Case {
  return {
    name: `${name}: ${isDenied ? 'denies' : 'does not deny'}`,
    rule: `${OPERATORS}: ${rule}`,
    identityPolicies: [policy(allow(), deny({ Condition: condition }))],
    request: { context },
    ...(isDenied ? { answer: 'explicitDeny', by: 'identity-based policy' } : { answer: 'allowed' }),
  };
}

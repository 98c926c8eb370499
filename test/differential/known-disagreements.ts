/**
 * Where stepup and the judge (iam-simulate 0.1.173) are known to disagree. Each row says the rule of AWS that decides,
 * who is right, and rewrites a question so that the point in dispute is gone and only our reading of it is left: the
 * judge must then agree. A row therefore excuses nothing but its own point.
 */
import type { Verdict } from '../../src/policy/decision.ts';
import type { EvaluationInput } from '../../src/policy/evaluate.ts';
import {
  ALLOW_ALL,
  ALLOW_NOTHING,
  alsoAllowing,
  asksNullDataSet,
  fillEmptyVariables,
  hasUnresolvedVariable,
  inFullLength,
  isIpv6,
  isOfWrongType,
  isoOfEpoch,
  isSpared,
  NEGATED,
  NEVER,
  reading,
  SOMEBODY_ELSE,
} from './readings.ts';
import { rewriteConditions, rewriteStatements } from './rewrite.ts';

export interface Disagreement {
  readonly name: string;
  /** AWS's words in ours, and where they stand. */
  readonly rule: string;
  /** `undocumented`: AWS doesn't say; ours takes what denies, or what the neighbouring rule says. */
  readonly right: 'stepup' | 'undocumented';
  /** The same question with our reading spelt out; unchanged where the point isn't in it. */
  readonly rewrite: (input: EvaluationInput) => EvaluationInput;
  /** A question in which it occurs, and nothing else. */
  readonly example: EvaluationInput;
  readonly verdicts: { readonly stepup: Verdict; readonly judge: Verdict };
  /** The row explains nothing but a difference of just these verdicts. */
  readonly onlyTheseVerdicts?: true;
}

/** A question with one policy of one statement, which allows everything but for what is given. */
function question(
  statement: object,
  context: Readonly<Record<string, string | readonly string[]>> = {},
): EvaluationInput {
  return {
    identityPolicies: [
      { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement } },
    ],
    request: { ...REQUEST, context },
  };
}

const REQUEST = {
  principal: 'arn:aws:iam::111111111111:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket/key',
  resourceAccount: '111111111111',
  context: {},
};

/** The same question, asked by somebody else. */
function askedBy(principal: string, input: EvaluationInput): EvaluationInput {
  return { ...input, request: { ...input.request, principal } };
}

function resourcePolicy(statement: object): { readonly resourcePolicy: object } {
  const written = { Effect: 'Allow', Action: '*', Resource: '*', ...statement };
  return { resourcePolicy: { Version: '2012-10-17', Statement: [written] } };
}

const ONLY_WE_ALLOW = { stepup: 'allowed', judge: 'implicitDeny' } as const;
const ONLY_WE_DENY = { stepup: 'explicitDeny', judge: 'allowed' } as const;
const ONLY_THE_JUDGE_ALLOWS = { stepup: 'implicitDeny', judge: 'allowed' } as const;

export const KNOWN_DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: 'variables under Version 2008-10-17',
    rule: 'IAM User Guide, Version: "${aws:username}" is a literal string in the older version; no Version means the older.',
    right: 'stepup',
    example: {
      ...question({}),
      identityPolicies: [
        {
          Version: '2008-10-17',
          Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:username}/key' },
        },
      ],
      request: { ...REQUEST, context: { 'aws:username': 'bucket' } },
    },
    verdicts: ONLY_THE_JUDGE_ALLOWS,
    rewrite: (input) =>
      rewriteStatements(input, (statement, { version }) =>
        version === '2012-10-17'
          ? statement
          : // No request here has a dollar sign in it, nor this one.
            (JSON.parse(JSON.stringify(statement).replaceAll('${', '§{')) as typeof statement),
      ),
  },
  {
    name: 'Null on a key whose value is the empty string',
    rule: 'IAM User Guide, Null: "false" asks that the key exists and its value is not null.',
    right: 'stepup',
    example: question({ Condition: { Null: { 'aws:PrincipalTag/team': 'true' } } }, { 'aws:PrincipalTag/team': '' }),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading(({ operator, requestValues, values }) =>
      operator === 'Null' && requestValues?.every((value) => value === '') ? values.includes('true') : undefined,
    ),
  },
  {
    name: 'ForAnyValue with IfExists on an absent key',
    rule: 'IAM User Guide, …IfExists: if the key is not in the request, the condition element evaluates to true.',
    right: 'stepup',
    example: question({ Condition: { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'team' } } }),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading(({ qualifier, ifExists, requestValues }) =>
      qualifier === 'ForAnyValue' && ifExists && requestValues === undefined ? true : undefined,
    ),
  },
  {
    name: 'one address of the other IP version',
    rule: 'IAM User Guide, NotIpAddress: all addresses except those given; an address without a prefix is one address, and no IPv4 address is an IPv6 one.',
    right: 'stepup',
    example: question(
      { Condition: { NotIpAddress: { 'aws:SourceIp': '2001:db8::1' } } },
      { 'aws:SourceIp': '203.0.113.7' },
    ),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading((site) => {
      const { operator, values, requestValues } = site;
      const [address] = requestValues ?? [];
      if (!operator.endsWith('IpAddress') || address === undefined || address.startsWith('arn:')) return undefined;
      if (asksNullDataSet(site)) return undefined;
      const same = values.filter((value) => value.includes('/') || isIpv6(value) === isIpv6(address));
      if (same.length === values.length) return undefined;
      return same.length === 0 ? NEGATED.test(operator) : { values: same };
    }),
  },
  {
    name: 'a variable without a value in a condition',
    rule: 'IAM User Guide, Variables and tags: a variable that has no value makes the comparison not match; a negated operator then matches.',
    right: 'stepup',
    example: question(
      { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalTag/team}' } } },
      { 'aws:PrincipalOrgID': 'o-abc' },
    ),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading((site) => {
      const resolved = site.values.filter((value) => !hasUnresolvedVariable(value, site));
      if (resolved.length === site.values.length || !/^(String|Arn)/.test(site.operator)) return undefined;
      if (site.requestValues === undefined || asksNullDataSet(site)) return undefined;
      return resolved.length === 0 ? NEGATED.test(site.operator) : { values: resolved };
    }),
  },
  {
    name: 'a value that is not of the operator’s type',
    rule: 'IAM User Guide, condition operators: a value that isn’t equal to any of the policy’s doesn’t match, and matches a negated operator. What a value of another type comes to isn’t said.',
    right: 'undocumented',
    example: question(
      { Condition: { ArnNotLike: { 'aws:PrincipalOrgID': 'arn:aws:iam::111111111111:user/alice' } } },
      { 'aws:PrincipalOrgID': 'o-abc' },
    ),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading((site) => (isOfWrongType(site) ? NEGATED.test(site.operator) : undefined)),
  },
  {
    name: 'escapes in operators without wildcards',
    rule: 'IAM User Guide, Variables and tags: ${*}, ${?} and ${$} stand for the characters themselves wherever variables are read.',
    right: 'stepup',
    example: question(
      { Condition: { StringEqualsIgnoreCase: { 'aws:username': 'red${*}' } } },
      { 'aws:username': 'red*' },
    ),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading(({ operator, version, values }) =>
      /^String(Not)?Equals/.test(operator) && version === '2012-10-17'
        ? { values: values.map((value) => value.replace(/\$\{([*?$])\}/g, '$1')) }
        : undefined,
    ),
  },
  {
    name: 'set operators on a key whose only value is the empty string',
    rule: 'IAM User Guide, multivalued context keys: ForAllValues is true for a null data set such as an empty string, ForAnyValue is false.',
    right: 'stepup',
    example: question(
      { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' } } },
      { 'aws:TagKeys': [''] },
    ),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading((site) => (asksNullDataSet(site) ? site.qualifier === 'ForAllValues' : undefined)),
  },
  {
    name: 'dates in seconds since 1970',
    rule: 'IAM User Guide, Date condition operators: the value may be in ISO 8601 or in epoch (UNIX) time.',
    right: 'stepup',
    example: question(
      { Condition: { DateGreaterThan: { 'aws:CurrentTime': '1714564800' } } },
      { 'aws:CurrentTime': '2024-05-01T00:00:00Z' },
    ),
    verdicts: ONLY_THE_JUDGE_ALLOWS,
    rewrite: reading(({ operator, values }) =>
      operator.startsWith('Date') && values.some((value) => /^\d{10}$/.test(value))
        ? { values: values.map((value) => (/^\d{10}$/.test(value) ? isoOfEpoch(value) : value)) }
        : undefined,
    ),
  },
  {
    name: 'NotResource with a variable that has no value',
    rule: 'IAM User Guide, Variables and tags: such a variable “might cause the entire statement to be invalid”. A Deny then still denies all else; an Allow allows nothing.',
    right: 'undocumented',
    example: question({ Effect: 'Deny', Resource: undefined, NotResource: 'arn:aws:s3:::${aws:username}' }),
    verdicts: { stepup: 'explicitDeny', judge: 'implicitDeny' },
    rewrite: (input) =>
      rewriteStatements(input, (statement, site) => {
        const values = ([statement['NotResource'] ?? []] as unknown[]).flat() as string[];
        const resolved = values.filter((value) => !hasUnresolvedVariable(value, site));
        if (resolved.length === values.length) return statement;
        const { NotResource: _, ...rest } = statement;
        if (site.effect === 'Allow') return { ...rest, NotResource: '*' };
        return resolved.length === 0 ? { ...rest, Resource: '*' } : { ...rest, NotResource: resolved };
      }),
  },
  {
    name: 'a variable whose value is the empty string',
    rule: 'IAM User Guide, Variables and tags: a variable is replaced by the value of its key. Whether an empty one counts isn’t said.',
    right: 'undocumented',
    example: question({ Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}*' }, { 'aws:PrincipalTag/team': '' }),
    verdicts: ONLY_WE_ALLOW,
    rewrite: (input) =>
      rewriteStatements(
        rewriteConditions(input, (site) =>
          /^(String|Arn)/.test(site.operator)
            ? { values: site.values.map((value) => fillEmptyVariables(value, site)) }
            : undefined,
        ),
        (statement, site) =>
          Object.fromEntries(
            Object.entries(statement).map(([name, value]) => [
              name,
              name.endsWith('Resource')
                ? ([value] as unknown[]).flat().map((each) => fillEmptyVariables(String(each), site))
                : value,
            ]),
          ),
      ),
  },
  {
    name: 'NotPrincipal that does not list all that stands above the principal',
    rule: 'IAM User Guide, NotPrincipal: list the account beside the user, and the role beside the session; a principal with a permissions boundary is never spared.',
    right: 'stepup',
    example: {
      ...question({}),
      ...resourcePolicy({ Effect: 'Deny', NotPrincipal: { AWS: REQUEST.principal } }),
    },
    verdicts: ONLY_WE_DENY,
    rewrite: (input) =>
      rewriteStatements(input, (statement) => {
        const { NotPrincipal: listed, ...rest } = statement;
        if (listed === undefined || input.request.principal === '*') return statement;
        return { ...rest, Principal: isSpared(listed, input) ? { AWS: SOMEBODY_ELSE } : '*' };
      }),
  },
  {
    name: 'a federated user without a session policy',
    rule: 'IAM User Guide, GetFederationToken: without a session policy the session has no permissions but those of resource policies that name it.',
    right: 'stepup',
    example: askedBy('arn:aws:sts::111111111111:federated-user/carol', question({})),
    verdicts: ONLY_THE_JUDGE_ALLOWS,
    rewrite: (input) =>
      input.request.principal.includes(':federated-user/') && (input.sessionPolicies ?? []).length === 0
        ? { ...input, sessionPolicies: [ALLOW_NOTHING] }
        : input,
  },
  {
    name: 'a network of all addresses',
    rule: 'IAM User Guide, IP address operators: CIDR; 0.0.0.0/0 holds every IPv4 address.',
    right: 'stepup',
    example: question({ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, { 'aws:SourceIp': '203.0.113.7' }),
    verdicts: ONLY_WE_ALLOW,
    rewrite: reading(({ operator, values }) =>
      operator.endsWith('IpAddress') && values.includes('0.0.0.0/0')
        ? { values: values.flatMap((value) => (value === '0.0.0.0/0' ? ['0.0.0.0/1', '128.0.0.0/1'] : [value])) }
        : undefined,
    ),
  },
  {
    name: 'root’s own permissions',
    rule: 'IAM User Guide, AWS account root user: it has all permissions in its account, and no identity policies to limit them.',
    right: 'stepup',
    example: askedBy('arn:aws:iam::111111111111:root', { ...question({}), identityPolicies: [] }),
    verdicts: ONLY_WE_ALLOW,
    rewrite: (input) =>
      input.request.principal.endsWith(':root') ? { ...input, identityPolicies: [ALLOW_ALL] } : input,
  },
  {
    name: 'a final star in the Resource of a resource control policy',
    rule: 'IAM User Guide, Resource: a “*” at the end of a segment also matches the segments behind it.',
    right: 'stepup',
    example: {
      ...question({}),
      resourceControlPolicies: [
        [
          {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:*' }],
          },
        ],
      ],
    },
    verdicts: ONLY_WE_DENY,
    rewrite: (input) =>
      rewriteStatements(input, (statement, { member }) =>
        member !== 'resourceControlPolicies'
          ? statement
          : Object.fromEntries(
              Object.entries(statement).map(([name, value]) => [
                name,
                name.endsWith('Resource')
                  ? ([value] as unknown[]).flat().map((each) => inFullLength(String(each)))
                  : value,
              ]),
            ),
      ),
  },
  {
    name: 'a session named by a resource policy',
    rule: 'IAM User Guide, evaluation within an account: what a resource policy grants to the session’s own ARN, or to everybody, is not limited by an implicit deny in session policy or boundary.',
    right: 'stepup',
    example: askedBy('arn:aws:sts::111111111111:assumed-role/worker/session', {
      ...question({ Action: 'iam:*' }),
      ...resourcePolicy({ Principal: '*' }),
      sessionPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] }],
    }),
    verdicts: ONLY_WE_ALLOW,
    onlyTheseVerdicts: true,
    rewrite: (input) => {
      const { principal, resourceAccount } = input.request;
      if (!principal.startsWith('arn:aws:sts:') || principal.split(':')[4] !== resourceAccount) return input;
      // What is left of all but the resource policy are its explicit denies: only that policy can allow.
      const denies = rewriteStatements(input, (statement, { member, effect }) =>
        member === 'resourcePolicy' || effect === 'Deny' ? statement : { ...statement, Condition: NEVER },
      );
      const { permissionsBoundary: boundary, sessionPolicies: session = [] } = denies;
      return {
        ...denies,
        ...(boundary === undefined ? {} : { permissionsBoundary: alsoAllowing(boundary) }),
        sessionPolicies: session.length === 0 ? [ALLOW_ALL] : session.map(alsoAllowing),
      };
    },
  },
];

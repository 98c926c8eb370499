import { isStepupError, StepupError } from '../errors.ts';
import { isAccountId } from './arn.ts';
import type { RequestContext } from './context.ts';
import type { Verdict } from './decision.ts';
import type { PolicyKind } from './document.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { type PreparedPolicy, preparePolicy } from './prepare.ts';
import { principalNamed } from './principal-name.ts';
import { readPolicy } from './read.ts';
import type { AccessRequest, PolicySet } from './request.ts';
import { childPath, isObject } from './source.ts';
import { entersRole } from './special-rules.ts';

/** The machine form of a question: raw documents, and a request whose context holds just the keys given. */
export interface EvaluationInput {
  readonly identityPolicies?: readonly unknown[];
  /** The resource's own policy; for sts:AssumeRole, the role's trust policy. */
  readonly resourcePolicy?: unknown;
  readonly permissionsBoundary?: unknown;
  readonly sessionPolicies?: readonly unknown[];
  /** A list a level, from the organisation's root down to the account. */
  readonly serviceControlPolicies?: readonly (readonly unknown[])[];
  /** The same; `RCPFullAWSAccess` stands beside each without being given. */
  readonly resourceControlPolicies?: readonly (readonly unknown[])[];
  readonly request: {
    /** The ARN of who asks; or a service (`lambda.amazonaws.com`), an identity provider, or `*` for nobody. */
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount?: string;
    readonly context?: Readonly<Record<string, string | readonly string[]>>;
  };
}

export interface Evaluation extends Omit<Explanation, 'verdict'> {
  readonly decision: Verdict;
}

/**
 * Decides and explains. Throws StepupError `malformed-policy` for a document that can't be read (`document` says
 * which) and `malformed-request` for the rest of the input; it is checked, whatever its type promises.
 */
export function evaluate(input: EvaluationInput): Evaluation {
  const { request, policies } = readQuestion(input);
  const { verdict, ...explanation } = explain(request, policies);
  return { decision: verdict, ...explanation };
}

/** The question of the machine form, its policies prepared: for `decide`, as often as one likes. Throws as `evaluate`. */
export function readQuestion(input: EvaluationInput): {
  readonly request: AccessRequest;
  readonly policies: PolicySet;
} {
  const members: unknown = input;
  if (!isObject(members)) throw malformedRequest('$', 'must be an object');
  const misspelt = Object.keys(members).find((key) => !MEMBERS.has(key) && /polic|bound/i.test(key));
  if (misspelt !== undefined) throw malformedRequest(childPath('$', misspelt), 'is no kind of policy known here');
  const request = readRequest(members['request']);
  return { request, policies: readPolicies(members, request) };
}

type Members = Readonly<Record<string, unknown>>;

/** What else speaks of policies is refused: to pass over it could allow what it denies. */
const MEMBERS = new Set<string>([
  'identityPolicies',
  'resourcePolicy',
  'permissionsBoundary',
  'sessionPolicies',
  'serviceControlPolicies',
  'resourceControlPolicies',
  'request',
] satisfies (keyof EvaluationInput)[]);

function readPolicies(members: Members, { action, resource: asked }: AccessRequest): PolicySet {
  const actionInLowerCase = action.toLowerCase();
  const isTrust = actionInLowerCase.startsWith('sts:assumerole') || entersRole({ actionInLowerCase, resource: asked });
  return {
    resource: readOne(members, 'resourcePolicy', isTrust ? 'trust' : 'resource'),
    permissionsBoundary: readOne(members, 'permissionsBoundary', 'boundary'),
    serviceControl: readLevels(members, 'serviceControlPolicies', 'scp'),
    resourceControl: readLevels(members, 'resourceControlPolicies', 'rcp'),
    identity: readList(members['identityPolicies'], 'identityPolicies', 'identity'),
    session: readList(members['sessionPolicies'], 'sessionPolicies', 'session'),
  };
}

function readOne(members: Members, name: keyof EvaluationInput, kind: PolicyKind): PreparedPolicy | undefined {
  return members[name] === undefined ? undefined : readDocument(members[name], name, kind);
}

function readLevels(
  members: Members,
  name: keyof EvaluationInput,
  kind: PolicyKind,
): readonly (readonly PreparedPolicy[])[] | undefined {
  const levels = members[name];
  if (levels === undefined) return undefined;
  if (!Array.isArray(levels)) throw malformedRequest(`$.${name}`, 'must be a list of levels, each a list of policies');
  return levels.map((level: unknown, depth) => {
    if (!Array.isArray(level)) throw malformedRequest(`$.${name}[${depth}]`, 'must be a list of policies');
    return readList(level, `${name}[${depth}]`, kind);
  });
}

function readList(list: unknown, name: string, kind: PolicyKind): readonly PreparedPolicy[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw malformedRequest(`$.${name}`, 'must be a list of policies');
  return list.map((document: unknown, index) => readDocument(document, name, kind, index));
}

/** `index`: its place, where `name` is that of a list. */
function readDocument(document: unknown, name: string, kind: PolicyKind, index?: number): PreparedPolicy {
  try {
    return preparePolicy(readPolicy(document, kind));
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    const place = index === undefined ? name : `${name}[${index}]`;
    throw new StepupError('malformed-policy', { ...error.fields, document: place }, { cause: error });
  }
}

function readRequest(request: unknown): AccessRequest {
  if (!isObject(request)) throw malformedRequest('$.request', 'must be an object');
  const context = readContext(request['context']);
  const name = readString(request, 'principal');
  const principal = principalNamed(name, context);
  if (principal === undefined) throw malformedRequest('$.request.principal', `${JSON.stringify(name)} names nobody`);
  const action = readString(request, 'action');
  if (!/^[^:*?\s]+:[^:*?\s]+$/.test(action)) {
    throw malformedRequest('$.request.action', 'must be one action, as in "s3:GetObject"');
  }
  const resourceAccountId = request['resourceAccount'];
  if (resourceAccountId !== undefined && !(typeof resourceAccountId === 'string' && isAccountId(resourceAccountId))) {
    throw malformedRequest('$.request.resourceAccount', 'must be the twelve digits of an account');
  }
  const resource = readString(request, 'resource');
  return { principal, action, resource, context, resourceAccountId };
}

function readString(request: Members, name: string): string {
  const value = request[name];
  if (typeof value === 'string' && value !== '') return value;
  throw malformedRequest(`$.request.${name}`, 'must be a string that is not empty');
}

/** Keys are compared without regard to case, so none may stand there twice. */
function readContext(context: unknown): RequestContext {
  const values = new Map<string, readonly string[]>();
  if (context === undefined) return values;
  if (!isObject(context)) throw malformedRequest('$.request.context', 'must be an object');
  for (const key of Object.keys(context)) {
    const lowerCase = key.toLowerCase();
    if (values.has(lowerCase)) throw malformedRequest(contextPath(key), 'stands twice, in another case');
    values.set(lowerCase, readContextValues(context[key], key));
  }
  return values;
}

/** One or a list; a number or a Boolean is as good as its text. */
function readContextValues(value: unknown, key: string): readonly string[] {
  if (typeof value === 'string') return [value];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((element) => {
    if (typeof element === 'string') return element;
    if (typeof element === 'number' || typeof element === 'boolean') return String(element);
    throw malformedRequest(contextPath(key), 'must be a string or a list of strings');
  });
}

function contextPath(key: string): string {
  return `$.request.context[${JSON.stringify(key)}]`;
}

function malformedRequest(path: string, problem: string): StepupError {
  return new StepupError('malformed-request', { path, problem });
}

/** A question for the evaluator, put together from the options of `stepup explain`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Account } from '../../account/account.ts';
import { parseAuthorizationDetails } from '../../account/from-authorization-details.ts';
import { AccountPolicies } from '../../account/policies-of.ts';
import { isStepupError, StepupError } from '../../errors.ts';
import type { PolicyKind } from '../../policy/document.ts';
import type { PolicyExplanation } from '../../policy/explanation.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../../policy/prepare.ts';
import { principalNamed } from '../../policy/principal-name.ts';
import type { AccessRequest, PolicySet } from '../../policy/request.ts';
import type { Io } from '../io.ts';
import { type AccountPrincipal, findPrincipal } from './account.ts';
import { contextOfPrincipal, type GivenContext, readContextOptions, readMfaOption } from './context.ts';

export interface ExplainOptions {
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly identityPolicy?: readonly string[];
  readonly resourcePolicy?: string;
  readonly trustPolicy?: string;
  readonly boundary?: string;
  readonly sessionPolicy?: readonly string[];
  readonly scp?: readonly string[];
  readonly rcp?: readonly string[];
  readonly accountDetails?: string;
  readonly profile?: string;
  readonly longTerm?: boolean;
  readonly context?: readonly string[];
  readonly mfa?: string;
  readonly request?: string;
  readonly json?: boolean;
}

/** Which policy of a set is meant. */
export type PolicyPlace = Pick<PolicyExplanation, 'type' | 'level' | 'index'>;

export interface NamedQuestion {
  readonly request: AccessRequest;
  readonly policies: PolicySet;
  readonly context: GivenContext;
  readonly sourceOf: (place: PolicyPlace) => PolicySource;
}

/** Where a policy came from: a file, in which a line can be found, or an account (or a document), by its name there. */
export interface PolicySource {
  readonly name: string;
  readonly isFile: boolean;
}

/** Reads what the options name. Throws `usage`, `malformed-policy`, `malformed-account`, and what reading an account throws. */
export async function questionFromOptions(io: Io, options: ExplainOptions): Promise<NamedQuestion> {
  const who = demanded(options.principal, '--principal');
  const action = demanded(options.action, '--action');
  const resource = demanded(options.resource, '--resource');
  if (!/^[^:*?\s]+:[^:*?\s]+$/.test(action)) {
    throw new StepupError('usage', { problem: `--action ${action} is no single action`, hint: 'As in s3:GetObject.' });
  }
  const account = await accountOf(io, options);
  const policiesOfAccount = account && new AccountPolicies(account);
  const found = account && policiesOfAccount && findPrincipal(account, policiesOfAccount, who);
  const held = gatherHeld(io, options, found);
  const target = gatherResource(io, options, action, () => {
    const role = account?.roles.find(({ arn }) => arn === resource);
    return role && policiesOfAccount && ofAccount(policiesOfAccount.trustOf(role), `trust policy of role ${role.name}`);
  });
  const session = (options.sessionPolicy ?? []).map((file) => readPolicyFile(io, file, 'session'));
  const serviceControl = readLevels(io, options.scp, 'scp');
  const resourceControl = readLevels(io, options.rcp, 'rcp');
  const { principal, context } = askerOf(found?.arn ?? who, found?.context, options);
  return {
    request: {
      principal,
      action,
      resource,
      context,
      ...(options.resourceAccount !== undefined && { resourceAccountId: options.resourceAccount }),
    },
    context,
    policies: {
      identity: held.identity.map(({ policy }) => policy),
      ...(held.boundary !== undefined && { permissionsBoundary: held.boundary.policy }),
      ...(target !== undefined && { resource: target.policy }),
      ...(session.length > 0 && { session: session.map(({ policy }) => policy) }),
      ...(serviceControl !== undefined && { serviceControl: policiesOf(serviceControl) }),
      ...(resourceControl !== undefined && { resourceControl: policiesOf(resourceControl) }),
    },
    sourceOf({ type, level = 0, index }) {
      const lists: Readonly<Record<PolicyPlace['type'], readonly (NamedPolicy | undefined)[]>> = {
        'identity-based policy': held.identity,
        'permissions boundary': [held.boundary],
        'resource-based policy': [target],
        'role trust policy': [target],
        'session policy': session,
        'service control policy': serviceControl?.[level] ?? [],
        'resource control policy': resourceControl?.[level] ?? [],
      };
      return lists[type][index] ?? { name: type, isFile: false };
    },
  };
}

interface NamedPolicy extends PolicySource {
  readonly policy: PreparedPolicy;
}

function demanded(value: string | undefined, option: string): string {
  if (value) return value;
  throw new StepupError('usage', {
    problem: `${option} is missing`,
    hint: 'Who asks (--principal), what for (--action) and of what (--resource); or all of it in --request FILE.',
  });
}

async function accountOf(io: Io, options: ExplainOptions): Promise<Account | undefined> {
  if (options.accountDetails !== undefined && options.profile !== undefined) {
    throw new StepupError('usage', { problem: '--account-details and --profile name two accounts' });
  }
  if (options.accountDetails !== undefined) {
    const { accountDetails: file } = options;
    return parseAuthorizationDetails(file === '-' ? await text(io.stdin) : readFile(io, file));
  }
  if (options.profile === undefined) return undefined;
  const { readProfileAccount } = await import('./live-account.ts');
  return readProfileAccount(io, options.profile, options);
}

interface Held {
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
}

/** What the account says that the principal holds, and the files beside it. */
function gatherHeld(io: Io, options: ExplainOptions, found: AccountPrincipal | undefined): Held {
  const { identity = [], identityNames = [], permissionsBoundary, permissionsBoundaryName } = found?.held ?? {};
  const files = (options.identityPolicy ?? []).map((file) => readPolicyFile(io, file, 'identity'));
  return {
    identity: [
      ...identity.map((policy, index) => ofAccount(policy, identityNames[index] ?? 'identity-based policy')),
      ...files,
    ],
    boundary:
      options.boundary === undefined
        ? permissionsBoundary && ofAccount(permissionsBoundary, permissionsBoundaryName ?? 'permissions boundary')
        : readPolicyFile(io, options.boundary, 'boundary'),
  };
}

function ofAccount(policy: PreparedPolicy, name: string): NamedPolicy {
  return { policy, name, isFile: false };
}

/** The policy of the resource: a file's, or for a role to assume what its account says. */
function gatherResource(
  io: Io,
  { resourcePolicy, trustPolicy }: ExplainOptions,
  action: string,
  inAccount: () => NamedPolicy | undefined,
): NamedPolicy | undefined {
  if (resourcePolicy !== undefined && trustPolicy !== undefined) {
    throw new StepupError('usage', { problem: '--resource-policy and --trust-policy are one and the same place' });
  }
  const assumes = action.toLowerCase().startsWith('sts:assumerole');
  if (trustPolicy !== undefined) return readPolicyFile(io, trustPolicy, 'trust');
  if (resourcePolicy !== undefined) return readPolicyFile(io, resourcePolicy, assumes ? 'trust' : 'resource');
  return assumes ? inAccount() : undefined;
}

function readLevels(
  io: Io,
  levels: readonly string[] | undefined,
  kind: PolicyKind,
): readonly (readonly NamedPolicy[])[] | undefined {
  return levels?.map((files) => files.split(',').map((file) => readPolicyFile(io, file, kind)));
}

function policiesOf(levels: readonly (readonly NamedPolicy[])[]): readonly (readonly PreparedPolicy[])[] {
  return levels.map((level) => level.map(({ policy }) => policy));
}

function readPolicyFile(io: Io, file: string, kind: PolicyKind): NamedPolicy {
  try {
    return { name: file, isFile: true, policy: preparePolicy(parsePolicy(readFile(io, file), kind)) };
  } catch (error) {
    if (!isStepupError(error, 'malformed-policy')) throw error;
    throw new StepupError('malformed-policy', { ...error.fields, document: file }, { cause: error });
  }
}

function readFile(io: Io, file: string): string {
  return readFileSync(resolve(io.cwd, file), 'utf8');
}

/** The principal, and all keys of the request: its own, then what `--mfa` and `--context` say. */
function askerOf(
  who: string,
  ofAccount: GivenContext | undefined,
  options: ExplainOptions,
): Pick<AccessRequest, 'principal'> & { readonly context: GivenContext } {
  const known = ofAccount ?? new Map<string, readonly string[]>();
  const given = new Map([...readMfaOption(options.mfa), ...readContextOptions(options.context ?? [])]);
  const principal = principalNamed(who, new Map([...known, ...given]));
  if (principal === undefined) {
    throw new StepupError('usage', {
      problem: `--principal ${who} names nobody`,
      hint: 'Give an ARN (user, role, assumed-role session, root), a service, or * for nobody; with an account also a name.',
    });
  }
  return { principal, context: new Map([...contextOfPrincipal(principal), ...known, ...given]) };
}

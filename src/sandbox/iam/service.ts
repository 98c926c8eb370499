/** IAM 2010-05-08 as a service of the sandbox: parameters, rows and handlers of each action put together. */
import type { Caller } from '../../enforcement/caller.ts';
import { Refusal } from '../../enforcement/refusal.ts';
import type {
  AuthorisationRow,
  Call,
  ContextEntries,
  Handler,
  Parameters,
  QueryService,
  XmlValue,
} from '../operation.ts';
import { type Fields, readParameters } from '../shapes.ts';
import { absentHandlers } from './absent.ts';
import { accessKeyHandlers } from './access-keys.ts';
import { accountHandlers } from './account.ts';
import { attachmentHandlers } from './attachments.ts';
import { boundaryHandlers } from './boundaries.ts';
import { contextKeyHandlers } from './context-keys.ts';
import { credentialReportHandlers } from './credential-report.ts';
import { detailHandlers } from './details.ts';
import { groupHandlers } from './groups.ts';
import { inlinePolicyHandlers } from './inline.ts';
import { managedPolicyHandlers } from './managed.ts';
import { mfaDeviceHandlers } from './mfa-devices.ts';
import { mfaEnrolmentHandlers } from './mfa-enrolment.ts';
import { type IamAction, type InputOf, parameters } from './parameters.ts';
import { policyVersionHandlers } from './policy-versions.ts';
import { roleHandlers } from './roles.ts';
import { type IamRow, rows, type Target } from './rows.ts';
import { simulationHandlers } from './simulate.ts';
import { tagHandlers } from './tags.ts';
import { userHandlers } from './users.ts';

type IamHandler<A extends IamAction> = (
  call: Call,
  input: InputOf<A>,
) => { readonly [element: string]: XmlValue } | undefined;

/** The compiler asks for a handler of each action that has parameters, and for no other. */
const handlers: { readonly [A in IamAction]: IamHandler<A> } = {
  ...userHandlers,
  ...groupHandlers,
  ...roleHandlers,
  ...accessKeyHandlers,
  ...inlinePolicyHandlers,
  ...managedPolicyHandlers,
  ...policyVersionHandlers,
  ...attachmentHandlers,
  ...boundaryHandlers,
  ...tagHandlers,
  ...mfaDeviceHandlers,
  ...mfaEnrolmentHandlers,
  ...accountHandlers,
  ...absentHandlers,
  ...detailHandlers,
  ...credentialReportHandlers,
  ...simulationHandlers,
  ...contextKeyHandlers,
};

const actions = Object.keys(parameters) as readonly IamAction[];

export const iamService: QueryService = {
  name: 'iam',
  version: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  admit,
  rows: Object.fromEntries(actions.map((action) => [action, rowOf(action)])),
  handlers: Object.fromEntries(actions.map((action) => [action, handlerOf(action)])),
};

/**
 * IAM takes no credentials of GetSessionToken without a code, nor any of GetFederationToken (IAM User Guide, Compare
 * AWS STS credentials); reported is this answer.
 */
function admit(caller: Caller): void {
  const withoutProof = caller.type === 'user-session' && caller.authenticatedAtMs === undefined;
  if (withoutProof || caller.type === 'federated') {
    throw new Refusal('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
  }
}

function rowOf<A extends IamAction>(action: A): AuthorisationRow {
  const row: IamRow<A> = rows[action];
  const { also } = row;
  const iamAction = `iam:${action}`;
  const targetOf = (call: Call) => row.target(call, inputOf(action, call));
  return {
    check: (call) => {
      inputOf(action, call);
    },
    action: iamAction,
    resource: (call) => targetOf(call).arn,
    resourceInDenial: (call) => {
      const { arn, called } = targetOf(call);
      return called ?? arn;
    },
    context: (call) => {
      const target = targetOf(call);
      return [...tagsOf(target), ...(row.keys?.(inputOf(action, call), target) ?? [])];
    },
    ...(also !== undefined && {
      also: (call) =>
        also(call, inputOf(action, call)).map(({ action: other = action, arn, called }) => ({
          action: `iam:${other}`,
          resource: arn,
          ...(called !== undefined && { resourceInDenial: called }),
        })),
    }),
  };
}

function handlerOf<A extends IamAction>(action: A): Handler {
  const handler: IamHandler<A> = handlers[action];
  return (call) => handler(call, inputOf(action, call));
}

function tagsOf({ tags = [], iamTags = false }: Target): ContextEntries {
  const prefixes = iamTags ? ['aws:resourcetag/', 'iam:resourcetag/'] : ['aws:resourcetag/'];
  return prefixes.flatMap((prefix) => tags.map(({ key, value }) => [prefix + key.toLowerCase(), [value]] as const));
}

/** Row and handler of one request read the same parameters: they are read once. */
const inputs = new WeakMap<Parameters, unknown>();

function inputOf<A extends IamAction>(action: A, call: Call): InputOf<A> {
  let input = inputs.get(call.parameters);
  if (input === undefined) {
    const fields: Fields = parameters[action];
    input = readParameters(fields, call.parameters);
    inputs.set(call.parameters, input);
  }
  // Parameters hold one action, and this is its input.
  return input as InputOf<A>;
}

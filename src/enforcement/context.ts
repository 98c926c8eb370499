/**
 * The context that conditions read: global condition keys as AWS gives them (IAM User Guide, "AWS global condition
 * context keys"), each computed when a policy asks for it, and the entries that a service adds for its action.
 */
import type { RequestContext } from '../policy/request.ts';
import type { Authority } from './authority.ts';
import type { Caller } from './caller.ts';
import type { ContextEntries } from './context-entries.ts';
import { isoSeconds } from './iso-seconds.ts';
import { mfaAgeSeconds, mfaPresent } from './mfa-keys.ts';
import type { Tag } from './ports.ts';
import { accountOf, callerArn, callerUserId } from './principal.ts';

export type { ContextEntries };

/** What the transport knows of a request and conditions may ask for. */
export interface RequestFacts {
  /** The caller's address, without a port. */
  readonly sourceIp: string;
  /** True over TLS. */
  readonly secureTransport: boolean;
  readonly userAgent?: string | undefined;
  readonly referer?: string | undefined;
}

/** A request as the table below reads it. */
export interface Situation {
  readonly caller: Caller;
  readonly facts: RequestFacts;
  /** Of the credential scope. */
  readonly region: string;
  /** The authority's clock. */
  readonly nowMs: number;
  /** The account that owns the resource. */
  readonly resourceAccountId: string;
  readonly authority: Pick<Authority, 'directory' | 'roleSessionMfa'>;
}

/** `entries` go before the global keys of the same name, the earlier before the later. */
export function requestContext(situation: Situation, ...entries: readonly ContextEntries[]): RequestContext {
  return {
    get(key) {
      for (const list of entries) {
        for (const [name, values] of list) if (name === key) return values;
      }
      const value = key.startsWith(PRINCIPAL_TAG)
        ? principalTag(key.slice(PRINCIPAL_TAG.length), situation)
        : GLOBAL_KEYS.get(key)?.(situation);
      return value === undefined ? undefined : [value];
    },
  };
}

const PRINCIPAL_TAG = 'aws:principaltag/';

/** What isn't in this table isn't in a request: organisation, VPC and service-to-service keys have no source here. */
const GLOBAL_KEYS = new Map<string, (of: Situation) => string | undefined>([
  ['aws:currenttime', ({ nowMs }) => isoSeconds(nowMs)],
  ['aws:epochtime', ({ nowMs }) => String(Math.floor(nowMs / 1000))],
  ['aws:multifactorauthage', ({ caller, nowMs }) => mfaAgeSeconds(caller, nowMs)?.toString()],
  ['aws:multifactorauthpresent', ({ caller, authority }) => mfaPresent(caller, authority.roleSessionMfa)?.toString()],
  ['aws:principalaccount', ({ caller }) => accountOf(caller)],
  ['aws:principalarn', ({ caller }) => (caller.type === 'role-session' ? caller.roleArn : callerArn(caller))],
  ['aws:principalisawsservice', () => 'false'],
  ['aws:principaltype', ({ caller }) => principalType(caller)],
  ['aws:referer', ({ facts }) => facts.referer],
  ['aws:requestedregion', ({ region }) => region],
  ['aws:resourceaccount', ({ resourceAccountId }) => resourceAccountId],
  ['aws:securetransport', ({ facts }) => String(facts.secureTransport)],
  ['aws:sourceidentity', ({ caller }) => (caller.type === 'role-session' ? caller.sourceIdentity : undefined)],
  ['aws:sourceip', ({ facts }) => facts.sourceIp],
  ['aws:tokenissuetime', ({ caller }) => (caller.type === 'long-term' ? undefined : isoSeconds(caller.issuedAtMs))],
  ['aws:useragent', ({ facts }) => facts.userAgent],
  ['aws:userid', ({ caller }) => callerUserId(caller)],
  ['aws:username', ({ caller }) => userName(caller)],
  ['aws:viaawsservice', () => 'false'],
]);

function principalType(caller: Caller): string {
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return caller.owner.type === 'root' ? 'Account' : 'User';
    case 'role-session':
      return 'AssumedRole';
    case 'federated':
      return 'FederatedUser';
  }
}

/** Of users only, with or without a session: root, role sessions and federated users have none. */
function userName(caller: Caller): string | undefined {
  if (caller.type !== 'long-term' && caller.type !== 'user-session') return undefined;
  return caller.owner.type === 'user' ? caller.owner.userName : undefined;
}

/** Tag keys are compared without regard to case. A session tag stands before the tag of the user or role. */
function principalTag(keyInLowerCase: string, { caller, authority }: Situation): string | undefined {
  const { directory } = authority;
  const matching = (tags: readonly Tag[]) => tags.find(({ key }) => key.toLowerCase() === keyInLowerCase)?.value;
  switch (caller.type) {
    case 'long-term':
    case 'user-session':
      return matching(directory.userTags(caller.owner.accountId, caller.owner.userId));
    case 'role-session':
      return matching(caller.tags) ?? matching(directory.roleTags(caller.accountId, caller.roleId));
    case 'federated':
      return matching(caller.tags) ?? matching(directory.userTags(caller.accountId, caller.userId));
  }
}

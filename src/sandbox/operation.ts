/**
 * What a service of the sandbox is made of. For each API action there is a row that says what must be allowed (after
 * AWS's service authorization reference) and a handler that does it; the server authorises by the row before it calls
 * the handler, so no handler can forget to.
 */
import type { Caller } from '../enforcement/caller.ts';
import type { ContextEntries } from '../enforcement/context.ts';
import type { Clocks, Randomness } from '../enforcement/ports.ts';
import type { PreparedPolicy } from '../policy/prepare.ts';
import type { Store } from './store.ts';

/** The form parameters of a Query-protocol request (`Tags.member.1.Key` and so on), as sent. */
export type Parameters = ReadonlyMap<string, string>;

export interface Call {
  readonly caller: Caller;
  /** The account the call acts in: the caller's. */
  readonly accountId: string;
  readonly region: string;
  readonly parameters: Parameters;
  readonly requestId: string;
  /** The authority's clock at the start of the call. */
  readonly nowMs: number;
  readonly store: Store;
  readonly clocks: Clocks;
  readonly random: Randomness;
}

export type { ContextEntries, Randomness };

export interface FurtherDemand {
  readonly action: string;
  readonly resource: string;
  readonly resourceInDenial?: string;
}

export interface AuthorisationRow {
  /** The shape of the parameters, and the code where one is sent: checked before authorisation. Throws Refusal. */
  readonly check?: (call: Call) => void;
  /** Its IAM action, `service:Name`; `null` where AWS demands no permission. */
  readonly action: string | null;
  /** The ARN that a policy's Resource must match. */
  readonly resource: (call: Call) => string;
  /** What AWS's denial calls the resource where it isn't the ARN: IAM says `user NAME`, `role NAME`, `policy ARN`. */
  readonly resourceInDenial?: (call: Call) => string;
  readonly context?: (call: Call) => ContextEntries;
  /** The resource's own policy: a role's trust policy. */
  readonly resourcePolicy?: (call: Call) => PreparedPolicy | undefined;
  /** Keys that only the resource's own policy sees, in place of the caller's own. */
  readonly resourceContext?: (call: Call) => ContextEntries | undefined;
  /** Further actions that must be allowed too, such as `sts:TagSession` when tags are passed. */
  readonly also?: (call: Call) => readonly FurtherDemand[];
}

/**
 * Plain data that `xml.ts` prints: strings, numbers, booleans, Dates in epoch ms are already strings; arrays become
 * `<member>` lists, a Map becomes `<entry><key/><value/></entry>` elements, undefined prints nothing.
 */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | ReadonlyMap<string, XmlValue>
  | { readonly [element: string]: XmlValue };

/** Answers the content of `<NAMEResult>`; nothing for actions that have none. Throws Refusal. */
export type Handler = (call: Call) => { readonly [element: string]: XmlValue } | undefined;

export interface QueryService {
  /** The service of the credential scope: `iam`, `sts`. */
  readonly name: string;
  readonly version: string;
  readonly xmlNamespace: string;
  /** Which credentials the service takes at all, whatever the policies say. Throws Refusal. */
  readonly admit?: (caller: Caller) => void;
  readonly rows: Readonly<Record<string, AuthorisationRow>>;
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** The policies that limit a session, as `decide` takes them. */
import { parsePolicy } from '../policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../policy/prepare.ts';
import type { Directory } from './ports.ts';
import { createRecent } from './recent.ts';
import type { SessionPolicies } from './session.ts';

/** Inline session policies by their text: a session brings the same one with each request. */
const inlinePolicies = createRecent<PreparedPolicy>(256);

/** Undefined if the session was made without any. Never empty: a managed policy that is gone leaves one that allows nothing. */
export function preparedSessionPolicies(
  { inline, managed }: SessionPolicies,
  accountId: string,
  directory: Pick<Directory, 'managedPolicy'>,
): readonly PreparedPolicy[] | undefined {
  if (inline === undefined && managed.length === 0) return undefined;
  return [
    ...(inline === undefined ? [] : [inlinePolicies.get(inline, () => preparePolicy(parsePolicy(inline, 'session')))]),
    ...managed.map((arn) => directory.managedPolicy(accountId, arn) ?? allowsNothing()),
  ];
}

function allowsNothing(): PreparedPolicy {
  return preparePolicy({ kind: 'session', version: '2012-10-17', statements: [] });
}

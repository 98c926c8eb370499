/**
 * The statement that ends a user's sessions. AWS takes back none that it gave, but it looks at the user's policies at
 * each call: a deny to what was issued before a moment is how AWS itself ends the sessions of a role (IAM User Guide,
 * Revoke IAM role temporary security credentials). A long-term key brings no `aws:TokenIssueTime`, so no date touches it;
 * nor are sessions of roles, which don't look at the policies of the user who entered.
 */
import type { InlinePolicy } from '../../account/account.ts';
import { policyText } from '../blueprint/gate.ts';
import { diffPolicies } from './policy-diff.ts';

export const ENDED_SESSIONS_POLICY = 'stepup-ended-sessions';

/** 36 hours: neither GetSessionToken nor GetFederationToken gives a longer one (STS API Reference). */
export const LONGEST_SESSION_SECONDS = 129_600;

/**
 * Those issued before this moment, in epoch milliseconds; or all, also those that are yet to come, and with them what
 * the key does by itself: whoever has it and a device enters a role without any session, by a code on AssumeRole.
 */
export type EndedSessions = 'all' | number;

/** The moment counts in whole seconds, rounded up. */
export function endedSessionsPolicy(ended: EndedSessions): InlinePolicy {
  const condition =
    ended === 'all' ? {} : { Condition: { DateLessThan: { 'aws:TokenIssueTime': wholeSeconds(ended) } } };
  return { name: ENDED_SESSIONS_POLICY, document: denial(condition) };
}

/** What such a document ends; undefined: it is none that was written here. */
export function readEndedSessions(document: string): EndedSessions | undefined {
  const writtenMs = Date.parse(/"aws:TokenIssueTime":\s*"([^"]+)"/.exec(document)?.[1] ?? '');
  const ended = Number.isNaN(writtenMs) ? 'all' : writtenMs;
  const written = [endedSessionsPolicy(ended).document, ...(ended === 'all' ? [ALL_BUT_THE_KEY] : [])];
  return written.some((one) => diffPolicies('identity', document, one) === undefined) ? ended : undefined;
}

function denial(condition: object): string {
  return policyText({ Effect: 'Deny', Action: '*', Resource: '*', ...condition });
}

/** As resets wrote it before the key was denied too: one that was stopped then is still one that was begun. */
const ALL_BUT_THE_KEY = denial({ Condition: { Null: { 'aws:TokenIssueTime': 'false' } } });

function wholeSeconds(epochMs: number): string {
  return new Date(Math.ceil(epochMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

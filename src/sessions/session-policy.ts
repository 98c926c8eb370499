/** The session policy of a role profile as AssumeRole takes it: one JSON document, read when the role is entered. */
import { StepupError } from '../errors.ts';
import { readText } from '../files/read.ts';
import type { SessionPolicy } from '../profiles/session-policy.ts';
import type { NamedRole, RoleStep } from './route.ts';

/** @throws StepupError `profile-invalid` for a file that isn't there, or a text that is no JSON object; `file-system` */
export function withSessionPolicy({ sessionPolicy, ...role }: NamedRole): RoleStep {
  return sessionPolicy === undefined ? role : { ...role, sessionPolicy: documentOf(role.profile, sessionPolicy) };
}

function documentOf(profile: string, policy: SessionPolicy): string {
  const { path, line } = policy.setting.place;
  const at = { profile, key: 'stepup_session_policy', path, line };
  const text = policy.type === 'file' ? readText(policy.path) : policy.text;
  if (text === undefined) throw new StepupError('profile-invalid', { ...at, problem: 'file-missing' });
  const document = jsonObject(text);
  if (document === undefined) throw new StepupError('profile-invalid', { ...at, problem: 'not-a-policy' });
  // Without the blanks that AWS would count.
  return JSON.stringify(document);
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

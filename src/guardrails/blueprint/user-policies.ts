/** What a user's own key and sessions may do: enter exactly its roles, and, where asked for, look after its own device and keys. */
import type { InlinePolicy } from '../../account/account.ts';
import { LOGIN_SECONDS } from '../desired-state/desired-state.ts';
import type { SelfService } from '../desired-state/setup-file.ts';
import { ENDED_SESSIONS_POLICY } from '../plan/ended-sessions.ts';
import { diffPolicies } from '../plan/policy-diff.ts';
import { freshCode, oneOrList, policyText } from './gate.ts';

export const ENTER_POLICY = 'stepup-enter';
export const SELF_SERVICE_POLICY = 'stepup-self-service';
export const BOOTSTRAP_POLICY = 'stepup-bootstrap';
/** What a setup gives a user. */
export const STEPUP_POLICIES: ReadonlySet<string> = new Set([
  ENTER_POLICY,
  SELF_SERVICE_POLICY,
  BOOTSTRAP_POLICY,
  ENDED_SESSIONS_POLICY,
]);

/** `sts:AssumeRole` on these roles and nothing else; the gate is the roles' own. Undefined where there are none. */
export function enterPolicy(roleArns: readonly string[]): InlinePolicy | undefined {
  if (roleArns.length === 0) return undefined;
  return { name: ENTER_POLICY, document: policyText(enterStatement(roleArns)) };
}

/**
 * `enterPolicy` for the time in which some of the roles have no gate yet: into those, the user's own policy demands the
 * code. Undefined where no role of the user's is such a one. Where it would be too long such roles wait, and where there
 * are no others there is no document.
 * @param ungated the gate's `maxAgeSeconds` by the role's ARN
 */
export function interimEnterPolicy(
  {
    roles,
    inlinePolicies,
  }: { readonly roles: readonly { readonly arn: string }[]; readonly inlinePolicies: readonly InlinePolicy[] },
  ungated: ReadonlyMap<string, number>,
): { readonly document?: string } | undefined {
  const arns = roles.map(({ arn }) => arn);
  const waiting = arns.filter((arn) => ungated.has(arn));
  if (waiting.length === 0) return undefined;
  const ready = arns.filter((arn) => !ungated.has(arn));
  const open = ready.length === 0 ? [] : [enterStatement(ready)];
  const guarded = {
    ...enterStatement(waiting),
    Condition: freshCode(Math.min(...waiting.map((arn) => ungated.get(arn) ?? 0))),
  };
  const document = policyText(...open, guarded);
  const others = inlinePolicies.filter(({ name }) => name !== ENTER_POLICY).map((policy) => policy.document);
  const fits = [document, ...others].join('').length <= USER_QUOTA - PASSING_ROOM;
  if (fits) return { document };
  return open.length === 0 ? {} : { document: policyText(...open) };
}

/** What all inline policies of a user may have together, white space not counted (IAM User Guide, quotas). */
export const USER_QUOTA = 2048;
/** More than `bootstrapPolicy` and `endedSessionsPolicy` take. */
const PASSING_ROOM = 760;

function enterStatement(roleArns: readonly string[]): object {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: oneOrList(roleArns) };
}

export interface Owner {
  readonly userArn: string;
  /** The serial number of the virtual device that is the user's by name. */
  readonly deviceArn: string;
}

/**
 * Each change needs a code of today, so a stolen key can neither add a device nor take the real one away. Two things
 * go without: listing one's own devices, which a login needs to find the serial number and which changes nothing.
 * Actions and resources: Service Authorization Reference, IAM.
 */
export function selfServicePolicy(
  { userArn, deviceArn }: Owner,
  kinds: readonly SelfService[],
): InlinePolicy | undefined {
  if (kinds.length === 0) return undefined;
  const device = kinds.includes('device');
  const document = policyText(
    ...(device ? [{ Effect: 'Allow', Action: 'iam:ListMFADevices', Resource: userArn }] : []),
    // One statement for both kinds: the condition is long, and a user's policies must be short.
    {
      Effect: 'Allow',
      Action: kinds.flatMap((kind) => ACTIONS[kind]),
      Resource: device ? [userArn, deviceArn, spareDevice(deviceArn)] : userArn,
      Condition: freshCode(LOGIN_SECONDS),
    },
  );
  return { name: SELF_SERVICE_POLICY, document };
}

const ACTIONS: Readonly<Record<SelfService, readonly string[]>> = {
  device: [
    'iam:CreateVirtualMFADevice',
    'iam:DeleteVirtualMFADevice',
    'iam:EnableMFADevice',
    'iam:ResyncMFADevice',
    'iam:DeactivateMFADevice',
  ],
  keys: [
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
    'iam:GetAccessKeyLastUsed',
    'iam:ListAccessKeys',
    'iam:UpdateAccessKey',
  ],
};

/** The name of a second device, so that a new one can be there before the old one goes. No wildcard: `al-*` is `al-ice` too. */
export function spareDevice(name: string): string {
  return `${name}-2`;
}

/**
 * For a user without a device, until a date: the first one may be enrolled, under the user's own name only. Whoever
 * holds the key in that time can do it; that is the window SECURITY.md tells of. Once the device is active the
 * statement gives nothing more: its name is taken, an active device can't be deleted, and there is no right here to
 * deactivate one.
 */
export function bootstrapPolicy({ userArn, deviceArn }: Owner, untilMs: number): InlinePolicy {
  const until = { DateLessThan: { 'aws:CurrentTime': new Date(untilMs).toISOString().replace(/\.\d{3}Z$/, 'Z') } };
  return {
    name: BOOTSTRAP_POLICY,
    document: policyText({
      Effect: 'Allow',
      Action: ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice', 'iam:EnableMFADevice', 'iam:ListMFADevices'],
      Resource: [userArn, deviceArn],
      Condition: until,
    }),
  };
}

/** When a statement that `bootstrapPolicy` wrote ends, in epoch milliseconds; undefined: it wrote none such. */
export function bootstrapEnd(owner: Owner, document: string): number | undefined {
  const endMs = Date.parse(/"aws:CurrentTime":\s*"([^"]+)"/.exec(document)?.[1] ?? '');
  if (Number.isNaN(endMs)) return undefined;
  const same = diffPolicies('identity', document, bootstrapPolicy(owner, endMs).document) === undefined;
  return same ? endMs : undefined;
}

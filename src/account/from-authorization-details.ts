/** The answer of IAM's GetAccountAuthorizationDetails, in every shape its readers print it, as an {@link Account}. */
import { StepupError } from '../errors.ts';
import type { Account, Group, InlinePolicy, ManagedPolicy, ManagedPolicyVersion, Role, Tag, User } from './account.ts';
import { demandedList, field, isAbsent, type JsonValue, list, malformed, text, timestamp } from './json-value.ts';

export interface AccountIdentity {
  readonly accountId: string;
  readonly partition: string;
}

/**
 * Reads the text of a file: what `aws iam get-account-authorization-details` prints. Throws StepupError
 * `malformed-account`.
 */
export function parseAuthorizationDetails(jsonText: string, identity?: AccountIdentity): Account {
  let value: unknown;
  try {
    value = JSON.parse(jsonText.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new StepupError('malformed-account', { path: '$', problem: `is not JSON: ${reasonOf(error)}` });
  }
  return readAuthorizationDetails(value, identity);
}

/**
 * Reads the answer as a value. A policy document may be an object (the CLI and boto3 decode it), JSON text, or
 * URL-encoded JSON text (the wire, and the SDKs that don't decode). Fields that AWS may add are let be; what is there
 * must be of its type, every group a user is in must be there, and all must be of one account.
 *
 * `identity` is the account, where the caller knows it; without it the ARNs tell, and an empty account can't be read.
 * Throws StepupError `malformed-account` with a JSON path.
 */
export function readAuthorizationDetails(value: unknown, identity?: AccountIdentity): Account {
  const root: JsonValue = { value, path: '$' };
  if (!isAbsent(field(root, 'IsTruncated')) && field(root, 'IsTruncated').value === true) {
    throw malformed(field(root, 'IsTruncated'), 'says that this is one page of several: give all of them');
  }
  const users = demandedList(field(root, 'UserDetailList'), readUser);
  const groups = demandedList(field(root, 'GroupDetailList'), readGroup);
  const roles = demandedList(field(root, 'RoleDetailList'), readRole);
  const managedPolicies = demandedList(field(root, 'Policies'), readManagedPolicy);
  requireGroups(root, groups);
  return { ...identityOf(root, identity), users, groups, roles, managedPolicies };
}

function readUser(at: JsonValue): User {
  return {
    ...readHolder(at, 'User'),
    groupNames: list(field(at, 'GroupList'), text),
    ...readBoundary(at),
    tags: readTags(at),
  };
}

function readGroup(at: JsonValue): Group {
  return readHolder(at, 'Group');
}

function readRole(at: JsonValue): Role {
  return {
    ...readHolder(at, 'Role'),
    trustPolicy: document(field(at, 'AssumeRolePolicyDocument')),
    ...readBoundary(at),
    tags: readTags(at),
  };
}

/** The fields that users, groups and roles share, under the names AWS gives them: `UserName`, `GroupPolicyList`… */
function readHolder(at: JsonValue, kind: 'User' | 'Group' | 'Role'): Group {
  const created = field(at, 'CreateDate');
  const path = field(at, 'Path');
  return {
    arn: text(field(at, 'Arn')),
    id: text(field(at, `${kind}Id`)),
    name: text(field(at, `${kind}Name`)),
    path: isAbsent(path) ? '/' : text(path),
    ...(isAbsent(created) ? {} : { createdAtMs: timestamp(created) }),
    inlinePolicies: list(field(at, `${kind}PolicyList`), readInlinePolicy),
    attachedPolicyArns: list(field(at, 'AttachedManagedPolicies'), (item) => text(field(item, 'PolicyArn'))),
  };
}

function readInlinePolicy(at: JsonValue): InlinePolicy {
  return { name: text(field(at, 'PolicyName')), document: document(field(at, 'PolicyDocument')) };
}

function readManagedPolicy(at: JsonValue): ManagedPolicy {
  const versions = demandedList(field(at, 'PolicyVersionList'), readVersion);
  const defaultVersion = field(at, 'DefaultVersionId');
  const defaultVersionId = text(defaultVersion);
  if (!versions.some((version) => version.versionId === defaultVersionId)) {
    throw malformed(defaultVersion, `names version ${defaultVersionId}, which is not in PolicyVersionList`);
  }
  return { arn: text(field(at, 'Arn')), name: text(field(at, 'PolicyName')), defaultVersionId, versions };
}

function readVersion(at: JsonValue): ManagedPolicyVersion {
  return { versionId: text(field(at, 'VersionId')), document: document(field(at, 'Document')) };
}

function readBoundary(at: JsonValue): { readonly permissionsBoundaryArn?: string } {
  const boundary = field(at, 'PermissionsBoundary');
  return isAbsent(boundary) ? {} : { permissionsBoundaryArn: text(field(boundary, 'PermissionsBoundaryArn')) };
}

function readTags(at: JsonValue): readonly Tag[] {
  return list(field(at, 'Tags'), (item) => {
    const value = field(item, 'Value');
    // A tag's value may be the empty string.
    return { key: text(field(item, 'Key')), value: value.value === '' ? '' : text(value) };
  });
}

/** A policy document as JSON text; its meaning is not looked at here. */
function document(at: JsonValue): string {
  if (typeof at.value === 'object' && !Array.isArray(at.value)) return JSON.stringify(at.value);
  const written = text(at);
  if (/^\s*\{/.test(written)) return written;
  try {
    return decodeURIComponent(written);
  } catch {
    throw malformed(at, 'must be a policy document: an object, JSON text, or URL-encoded JSON text');
  }
}

/** A user's permissions can't be told when one of its groups is missing: AWS's `--filter` leaves things out. */
function requireGroups(root: JsonValue, groups: readonly Group[]): void {
  const known = new Set(groups.map((group) => group.name));
  list(field(root, 'UserDetailList'), (user) =>
    list(field(user, 'GroupList'), (name) => {
      if (known.has(text(name))) return;
      throw malformed(name, `names group ${text(name)}, which is not in GroupDetailList`);
    }),
  );
}

const ENTITY_ARN = /^arn:([^:]+):iam::([0-9]{12}):(?:user|group|role)\//;

/** The one account that every entity belongs to. */
function identityOf(root: JsonValue, given: AccountIdentity | undefined): AccountIdentity {
  let found = given;
  for (const name of ['UserDetailList', 'GroupDetailList', 'RoleDetailList']) {
    list(field(root, name), (entity) => {
      const arn = field(entity, 'Arn');
      const [, partition, accountId] = ENTITY_ARN.exec(text(arn)) ?? [];
      if (partition === undefined || accountId === undefined) {
        throw malformed(arn, 'must be the ARN of a user, group or role');
      }
      found ??= { partition, accountId };
      if (found.accountId !== accountId || found.partition !== partition) {
        throw malformed(
          arn,
          `belongs to account ${accountId} (${partition}), the rest to ${found.accountId} (${found.partition})`,
        );
      }
    });
  }
  if (found === undefined) throw malformed(root, 'names no user, group or role, so whose account it is can’t be told');
  return found;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The blueprint as Terraform, all accounts in one file, each by a provider of its own that refuses any other account. */
import type { InlinePolicy, Tag } from '../../account/account.ts';
import { PARTITIONS } from '../../aws/partitions.ts';
import type { Blueprint, RoleBlueprint, UserBlueprint } from '../blueprint/blueprint.ts';
import type { DesiredAccount } from '../desired-state/desired-state.ts';
import { block, Expression, type HclValue, jsonEncoded } from './hcl.ts';
import { identifiers } from './identifiers.ts';
import { markedTags } from './marked-tags.ts';

/** HCL text for one folder of Terraform or OpenTofu. */
export function terraformFile({ setup, accounts }: Blueprint): string {
  const aliasOf = labels(accounts.map(({ account }) => account.label));
  const userOf = labels(accounts.flatMap(({ users }) => users.map(({ name }) => name)));
  const entrantsOf = ({ gate }: RoleBlueprint): readonly Expression[] =>
    accounts.flatMap(({ users }) =>
      users
        .filter(({ userArn }) => gate.entrants.includes(userArn))
        .map(({ name }) => new Expression(`aws_iam_user.${userOf(name)}`)),
    );
  const blocks = accounts.flatMap(({ account, users, roles }) => {
    const alias = aliasOf(account.label);
    const provider = new Expression(`aws.${alias}`);
    const roleOf = labels(roles.map(({ name }) => name));
    return [
      providerBlock(account, alias),
      ...users.flatMap((user) => userBlocks({ setup, provider, id: userOf(user.name) }, user)),
      ...roles.flatMap((role) =>
        roleBlocks({ setup, provider, id: joined(alias, roleOf(role.name)) }, role, entrantsOf(role)),
      ),
    ];
  });
  const head = `# The guardrails of the setup ${setup}, made by stepup setup --export terraform.\n`;
  return [head, REQUIREMENTS, ...blocks].join('\n');
}

const REQUIREMENTS = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
`;

interface Place {
  readonly setup: string;
  /** The account's. */
  readonly provider: Expression;
  /** The entity's label. */
  readonly id: string;
}

function providerBlock({ accountId, partition, profile }: DesiredAccount, alias: string): string {
  return block('provider "aws"', {
    alias,
    region: PARTITIONS.find(({ name }) => name === partition)?.iam.region,
    profile,
    allowed_account_ids: [accountId],
  });
}

function userBlocks({ setup, provider, id }: Place, user: UserBlueprint): readonly string[] {
  const { name, path } = user;
  return [
    block(`resource "aws_iam_user" "${id}"`, { provider, name, path, tags: tagMap(markedTags(setup, user)) }),
    ...policyBlocks('user', { provider, id }, user.inlinePolicies),
  ];
}

function roleBlocks(place: Place, role: RoleBlueprint, entrants: readonly Expression[]): readonly string[] {
  const { setup, provider, id } = place;
  const attachmentOf = labels(role.attachedPolicyArns);
  return [
    block(`resource "aws_iam_role" "${id}"`, {
      provider,
      name: role.name,
      path: role.path,
      description: role.description,
      assume_role_policy: jsonEncoded(role.trustPolicy),
      max_session_duration: role.maxSessionSeconds,
      permissions_boundary: role.permissionsBoundaryArn,
      tags: tagMap(markedTags(setup, role)),
      // A trust policy may name only users that are there.
      depends_on: entrants.length === 0 ? undefined : entrants,
    }),
    ...policyBlocks('role', { provider, id }, role.inlinePolicies),
    ...role.attachedPolicyArns.map((arn) =>
      block(`resource "aws_iam_role_policy_attachment" "${joined(id, attachmentOf(arn))}"`, {
        provider,
        role: new Expression(`aws_iam_role.${id}.name`),
        policy_arn: arn,
      }),
    ),
  ];
}

function policyBlocks(
  kind: 'user' | 'role',
  { provider, id }: Pick<Place, 'provider' | 'id'>,
  policies: readonly InlinePolicy[],
): readonly string[] {
  const policyOf = labels(policies.map(({ name }) => name));
  return policies.map(({ name, document }) =>
    block(`resource "aws_iam_${kind}_policy" "${joined(id, policyOf(name))}"`, {
      provider,
      name,
      [kind]: new Expression(`aws_iam_${kind}.${id}.name`),
      policy: jsonEncoded(document),
    }),
  );
}

function tagMap(tags: readonly Tag[]): HclValue {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** Labels of names, or of ARNs by their last part: letters, digits and `_`, not a digit first (Terraform, Identifiers). */
function labels(names: readonly string[]): (name: string) => string {
  return identifiers(names, (name) => {
    const plain = (name.split('/').at(-1) ?? name).replace(/[^A-Za-z0-9]+/g, '_');
    return /^[A-Za-z]/.test(plain) ? plain : `_${plain}`;
  });
}

/** A hyphen, which no part has: two pairs of parts never become one label. */
function joined(...parts: readonly string[]): string {
  return parts.join('-');
}

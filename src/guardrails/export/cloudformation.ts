/**
 * One account of the blueprint as a CloudFormation template. A template is for one account: that of the users is
 * deployed first, since a role's trust policy may name only users that are there.
 */
import { stringify } from 'yaml';
import type { InlinePolicy, Tag } from '../../account/account.ts';
import type { AccountBlueprint, RoleBlueprint, UserBlueprint } from '../blueprint/blueprint.ts';
import { identifiers } from './identifiers.ts';
import { markedTags } from './marked-tags.ts';

type Properties = Readonly<Record<string, unknown>>;

/** YAML text. Deploying it needs `--capabilities CAPABILITY_NAMED_IAM`. */
export function cloudFormationTemplate(setup: string, { account, users, roles }: AccountBlueprint): string {
  const userId = identifiers(
    users.map(({ name }) => name),
    logicalId('User'),
  );
  const roleId = identifiers(
    roles.map(({ name }) => name),
    logicalId('Role'),
  );
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Guardrails of the setup ${setup} in account ${account.accountId}, by stepup setup --export cloudformation`,
    Resources: Object.fromEntries([
      ...users.map((user) => [userId(user.name), userResource(setup, user)] as const),
      ...roles.map((role) => {
        const entrants = users.filter(({ userArn }) => role.gate.entrants.includes(userArn));
        return [
          roleId(role.name),
          roleResource(
            setup,
            role,
            entrants.map(({ name }) => userId(name)),
          ),
        ] as const;
      }),
    ]),
  };
  // CloudFormation reads YAML 1.1, where 2012-10-17 without quotes is a date.
  return stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function userResource(setup: string, user: UserBlueprint): Properties {
  return {
    Type: 'AWS::IAM::User',
    Properties: {
      UserName: user.name,
      Path: user.path,
      ...policies(user.inlinePolicies),
      Tags: tagList(markedTags(setup, user)),
    },
  };
}

function roleResource(setup: string, role: RoleBlueprint, entrants: readonly string[]): Properties {
  const { description, permissionsBoundaryArn, attachedPolicyArns } = role;
  return {
    Type: 'AWS::IAM::Role',
    ...(entrants.length > 0 && { DependsOn: entrants }),
    Properties: {
      RoleName: role.name,
      Path: role.path,
      ...(description !== undefined && { Description: description }),
      AssumeRolePolicyDocument: JSON.parse(role.trustPolicy),
      MaxSessionDuration: role.maxSessionSeconds,
      ...(permissionsBoundaryArn !== undefined && { PermissionsBoundary: permissionsBoundaryArn }),
      ...(attachedPolicyArns.length > 0 && { ManagedPolicyArns: attachedPolicyArns }),
      ...policies(role.inlinePolicies),
      Tags: tagList(markedTags(setup, role)),
    },
  };
}

function policies(inline: readonly InlinePolicy[]): Properties {
  if (inline.length === 0) return {};
  return { Policies: inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: JSON.parse(document) })) };
}

function tagList(tags: readonly Tag[]): readonly Properties[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** `UserAlice`: logical ids are letters and digits (CloudFormation User Guide, Resources). */
function logicalId(kind: string): (name: string) => string {
  return (name) => {
    const words = name.split(/[^A-Za-z0-9]+/);
    return [kind, ...words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)].join('');
  };
}

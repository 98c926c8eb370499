/**
 * The blueprint as a script of AWS CLI commands, for people who want to read each call before it is made. Users and
 * roles with their policies; never keys or devices, whose secrets would lie in the script.
 *
 * It makes what is missing and mends what is there, in the order of `apply`: users, then roles, gated from the first
 * moment, then the users' right to enter them. A user or role that doesn't carry this setup's tag stops it: whether
 * somebody else's may be changed is for `stepup setup`, which looks first.
 */
import type { InlinePolicy, Tag } from '../../account/account.ts';
import type { AccountBlueprint, Blueprint, RoleBlueprint, UserBlueprint } from '../blueprint/blueprint.ts';
import { SETUP_KEY } from '../blueprint/parts.ts';
import { markedTags } from './marked-tags.ts';

export function shellScript(blueprint: Blueprint): string {
  const { setup, accounts } = blueprint;
  const withUsers = accounts.filter(({ users }) => users.length > 0);
  const withRoles = accounts.filter(({ roles }) => roles.length > 0);
  const sections = [
    ...withUsers.map((account) =>
      section(
        account,
        'users',
        account.users.flatMap((user) => userLines(setup, user)),
      ),
    ),
    ...withRoles.map((account) =>
      section(
        account,
        'roles',
        account.roles.flatMap((role) => roleLines(setup, role)),
      ),
    ),
    ...withUsers.map((account) =>
      section(account, 'which roles each user may enter', account.users.flatMap(entryLines)),
    ),
  ];
  return `${[prelude(setup), ...sections].join('\n')}\n`;
}

/** POSIX sh, so that it runs where there is no bash. */
function prelude(setup: string): string {
  return `#!/bin/sh
# The guardrails of the setup ${setup}, as AWS CLI commands, made by stepup setup --export cli.
# It can be run again: it makes what is missing and mends what is there. It removes nothing.
set -eu

# in_account ID PROFILE: what follows is for this account, and for no other.
in_account() {
  profile=$2
  found=$(aws_cli sts get-caller-identity --query Account --output text)
  [ "$found" = "$1" ] || stop "the credentials of profile \${profile:-of the environment} are of account $found, not of $1"
}

aws_cli() {
  if [ -n "$profile" ]; then aws --profile "$profile" "$@"; else aws "$@"; fi
}

iam() {
  aws_cli iam "$@" >/dev/null
}

# ours user|role NAME: whether it is there already; one that this setup didn't make stops the script.
ours() {
  mark=$(aws_cli iam "list-$1-tags" "--$1-name" "$2" --query "Tags[?Key=='${SETUP_KEY}'].Value | [0]" --output text 2>/dev/null) || return 1
  [ "$mark" = ${quoted(setup)} ] || stop "$1 $2 is there, and isn't of this setup; stepup setup looks at it first"
}

# IAM takes some seconds until what was made is known everywhere.
patiently() {
  for pause in 1 2 4 8 16; do
    "$@" && return
    echo "again in $pause s" >&2
    sleep "$pause"
  done
  "$@"
}

stop() {
  echo "stopped: $1" >&2
  exit 1
}
`;
}

function section({ account }: AccountBlueprint, what: string, lines: readonly string[]): string {
  const enter = `in_account ${account.accountId} ${quoted(account.profile ?? '')}`;
  return [`# ${account.label} (${account.accountId}): ${what}`, enter, ...lines, ''].join('\n');
}

function userLines(setup: string, user: UserBlueprint): readonly string[] {
  const name = quoted(user.name);
  const tags = tagArgument(markedTags(setup, user));
  return ifOurs(
    `user ${name}`,
    [`iam tag-user --user-name ${name} --tags ${tags}`],
    [`iam create-user --user-name ${name} --path ${quoted(user.path)} --tags ${tags}`],
  );
}

function entryLines(user: UserBlueprint): readonly string[] {
  return user.inlinePolicies.map(
    (policy) => `iam put-user-policy --user-name ${quoted(user.name)} ${policyArguments(policy)}`,
  );
}

function roleLines(setup: string, role: RoleBlueprint): readonly string[] {
  const name = quoted(role.name);
  const tags = `--tags ${tagArgument(markedTags(setup, role))}`;
  // The CLI would fetch a value that begins like an address (`http://`, `file://`): inside of this JSON it doesn't.
  const describedAs = (description: string): string =>
    `--cli-input-json ${quoted(JSON.stringify({ Description: description }))}`;
  const duration = `--max-session-duration ${role.maxSessionSeconds}`;
  const boundary =
    role.permissionsBoundaryArn === undefined ? [] : [`--permissions-boundary ${quoted(role.permissionsBoundaryArn)}`];
  return [
    `gate=${quoted(role.trustPolicy)}`,
    ...ifOurs(
      `role ${name}`,
      [
        `iam update-assume-role-policy --role-name ${name} --policy-document "$gate"`,
        ...boundary.map((argument) => `iam put-role-permissions-boundary --role-name ${name} ${argument}`),
        `iam update-role --role-name ${name} ${duration} ${describedAs(role.description ?? '')}`,
        `iam tag-role --role-name ${name} ${tags}`,
      ],
      [
        [
          `patiently iam create-role --role-name ${name} --path ${quoted(role.path)}`,
          '  --assume-role-policy-document "$gate"',
          ...[
            ...boundary,
            duration,
            ...(role.description === undefined ? [] : [describedAs(role.description)]),
            tags,
          ].map((argument) => `  ${argument}`),
        ].join(' \\\n'),
      ],
    ),
    ...role.inlinePolicies.map((policy) => `iam put-role-policy --role-name ${name} ${policyArguments(policy)}`),
    ...role.attachedPolicyArns.map((arn) => `iam attach-role-policy --role-name ${name} --policy-arn ${quoted(arn)}`),
  ];
}

function ifOurs(which: string, mend: readonly string[], make: readonly string[]): readonly string[] {
  const indented = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => `  ${line.replaceAll('\\\n', '\\\n  ')}`);
  return [`if ours ${which}; then`, ...indented(mend), 'else', ...indented(make), 'fi'];
}

function policyArguments({ name, document }: InlinePolicy): string {
  return `--policy-name ${quoted(name)} --policy-document ${quoted(document)}`;
}

function tagArgument(tags: readonly Tag[]): string {
  return quoted(JSON.stringify(tags.map(({ key, value }) => ({ Key: key, Value: value }))));
}

/** A POSIX shell's single quotes: a quote inside leaves, is escaped, and enters again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { parseToObject } from 'hcl2-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileBlueprint } from '../blueprint/blueprint.ts';
import { readDesiredState } from '../desired-state/read.ts';
import { cloudFormationTemplate } from './cloudformation.ts';
import { terraformFile } from './terraform.ts';

const BLUEPRINT = compileBlueprint(
  readDesiredState(
    `version: 1
identity: people
accounts:
  people: { id: "111122223333", profile: admin }
  prod: { id: "444455556666" }
users:
  alice: { path: /staff/, self_service: [device], tags: { expression: aws_iam_role.x } }
  al.ice: {}
  al-ice: {}
roles:
  ops:
    account: [people, prod]
    enter: [alice, al.ice]
    description: Deploys "\${things}"
    external_id: abc
    permissions:
      managed: [arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws:iam::aws:policy/job-function/ViewOnlyAccess]
      boundary: arn:aws:iam::aws:policy/PowerUserAccess
      inline:
        own-files: { Version: '2012-10-17', Statement: [ { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::b/\${aws:username}" } ] }
`,
    'stepup.yaml',
  ),
);
const [people, prod] = BLUEPRINT.accounts as [(typeof BLUEPRINT.accounts)[0], (typeof BLUEPRINT.accounts)[0]];

interface CloudFormationResource {
  readonly DependsOn?: readonly string[];
  readonly Properties: {
    readonly UserName?: string;
    readonly Path: string;
    readonly Policies: readonly { readonly PolicyDocument: unknown }[];
    readonly AssumeRolePolicyDocument?: unknown;
    readonly ManagedPolicyArns?: readonly string[];
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  };
}

interface TerraformFile {
  readonly provider: unknown;
  readonly resource: Readonly<Record<string, Readonly<Record<string, readonly [Readonly<Record<string, unknown>>]>>>>;
}

describe('cloudFormationTemplate', () => {
  // YAML 1.1, as CloudFormation reads it.
  const resources = (account: typeof people): Readonly<Record<string, CloudFormationResource>> =>
    parse(cloudFormationTemplate('stepup', account), { version: '1.1' }).Resources;

  it('holds the documents of the blueprint, and makes users before the roles that name them', () => {
    const { UserAlice, RoleOps } = resources(people) as Record<'UserAlice' | 'RoleOps', CloudFormationResource>;
    expect(UserAlice.Properties).toMatchObject({ UserName: 'alice', Path: '/staff/' });
    expect(UserAlice.Properties.Policies.map((one) => JSON.stringify(one.PolicyDocument))).toEqual(
      people.users[0]!.inlinePolicies.map(({ document }) => document),
    );
    expect(JSON.stringify(RoleOps.Properties.AssumeRolePolicyDocument)).toBe(people.roles[0]!.trustPolicy);
    expect(JSON.stringify(RoleOps.Properties.Policies[0]!.PolicyDocument)).toBe(
      people.roles[0]!.inlinePolicies[0]!.document,
    );
    expect(RoleOps.Properties.ManagedPolicyArns).toEqual(people.roles[0]!.attachedPolicyArns);
    expect(RoleOps.DependsOn).toHaveLength(2);
    expect(RoleOps.DependsOn![0]).toBe('UserAlice');
    expect(Object.keys(resources(people))).toContain(RoleOps.DependsOn![1]);
  });

  it('marks what it makes as the setup does, and has logical ids that CloudFormation takes', () => {
    const all = resources(people);
    expect(Object.keys(all)).toHaveLength(4);
    for (const id of Object.keys(all)) expect(id).toMatch(/^[A-Za-z0-9]+$/);
    expect(all['RoleOps']!.Properties.Tags).toContainEqual({ Key: 'stepup:setup', Value: 'stepup' });
    const parts = all['RoleOps']!.Properties.Tags.find(({ Key }) => Key === 'stepup:parts')!.Value;
    expect(parts.split(' ')).toEqual(expect.arrayContaining(['made', 'trust', 'boundary', 'inline:own-files']));
  });

  it('depends on nothing where the users are of another account', () => {
    expect(resources(prod)['RoleOps']!.DependsOn).toBeUndefined();
  });
});

describe('terraformFile', () => {
  const [file] = parseToObject(terraformFile(BLUEPRINT)) as [TerraformFile];

  it('gives each account a provider that takes no other account', () => {
    expect(file.provider).toEqual({
      aws: [
        { alias: 'people', region: 'us-east-1', profile: 'admin', allowed_account_ids: ['111122223333'] },
        { alias: 'prod', region: 'us-east-1', allowed_account_ids: ['444455556666'] },
      ],
    });
  });

  it('holds each user, role, policy and attachment once, with the documents of the blueprint', () => {
    const counts = Object.fromEntries(
      Object.entries(file.resource).map(([type, all]) => [type, Object.keys(all).length]),
    );
    expect(counts).toEqual({
      aws_iam_user: 3,
      aws_iam_user_policy: 3,
      aws_iam_role: 2,
      aws_iam_role_policy: 2,
      aws_iam_role_policy_attachment: 4,
    });
    const role = file.resource['aws_iam_role']!['prod-ops']![0];
    expect(role['description']).toBe('Deploys "${things}"');
    expect(role['depends_on']).toEqual([
      '${aws_iam_user.alice}',
      expect.stringMatching(/^\$\{aws_iam_user\.al_ice[0-9a-f]{8}\}$/),
    ]);
    expect(encodedDocument(role['assume_role_policy'])).toEqual(JSON.parse(prod.roles[0]!.trustPolicy));
    const [policy] = file.resource['aws_iam_role_policy']!['prod-ops-own_files']!;
    expect(encodedDocument(policy['policy'])).toEqual(JSON.parse(prod.roles[0]!.inlinePolicies[0]!.document));
    expect(policy['role']).toBe('${aws_iam_role.prod-ops.name}');
  });

  /** The parser leaves a call of jsonencode as it is written; its argument is HCL again. */
  function encodedDocument(call: unknown): unknown {
    const argument = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(String(call))?.[1];
    const [parsed] = parseToObject(`x = ${argument}\n`) as [{ x: unknown }];
    return parsed.x;
  }
});

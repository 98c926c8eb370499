import { isDeepStrictEqual } from 'node:util';
import type { Entities } from './account-entities.ts';

/** A plan as `terraform show -json` tells it (JSON Output Format), as far as it is looked at. */
export interface Plan {
  readonly planned_values: { readonly root_module: { readonly resources: readonly PlannedResource[] } };
  readonly configuration: {
    readonly provider_config: Readonly<Record<string, { readonly expressions?: Expressions }>>;
    readonly root_module: {
      readonly resources: readonly { readonly address: string; readonly provider_config_key: string }[];
    };
  };
}

interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Expressions = Readonly<Record<string, { readonly constant_value?: unknown }>>;

/** The settings of each provider that the file configures, by `aws.` and its alias. */
export function providersOf({ configuration }: Plan): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    Object.entries(configuration.provider_config).flatMap(([key, { expressions }]) => {
      if (expressions === undefined) return [];
      const settings = Object.entries(expressions).map(([name, { constant_value }]) => [name, constant_value] as const);
      return [[key, Object.fromEntries(settings)] as const];
    }),
  );
}

/** What the plan makes by the provider that takes this account alone. */
export function plannedIn(plan: Plan, accountId: string): Entities {
  const providers = providersOf(plan);
  const here = new Set(
    plan.configuration.root_module.resources
      .filter(({ provider_config_key: key }) => isDeepStrictEqual(providers[key]?.['allowed_account_ids'], [accountId]))
      .map(({ address }) => address),
  );
  const resources = plan.planned_values.root_module.resources.filter(({ address }) => here.has(address));
  const entities: Entities = {};
  for (const { type, values } of resources) {
    if (type !== 'aws_iam_user' && type !== 'aws_iam_role') continue;
    entities[`${type.slice('aws_iam_'.length)} ${values['name']}`] = {
      path: values['path'],
      tags: values['tags'],
      boundary: values['permissions_boundary'] ?? undefined,
      trustPolicy: type === 'aws_iam_role' ? JSON.parse(String(values['assume_role_policy'])) : undefined,
      description: values['description'] ?? undefined,
      maxSessionSeconds: values['max_session_duration'],
      inlinePolicies: {},
      attachedPolicyArns: new Set(),
    };
  }
  for (const { type, values } of resources) {
    const owner = entities['user' in values ? `user ${values['user']}` : `role ${values['role']}`];
    if (type.endsWith('_policy')) owner!.inlinePolicies[String(values['name'])] = JSON.parse(String(values['policy']));
    if (type.endsWith('_attachment')) owner!.attachedPolicyArns.add(values['policy_arn']);
  }
  return entities;
}

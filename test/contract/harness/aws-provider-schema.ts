/**
 * What the AWS provider for Terraform takes, of the five resource types that the export has: all their attributes, and of
 * the provider's own configuration those that choose an account. Blocks (`inline_policy`, `assume_role` …) are left out: a
 * file that has one is refused. From the provider's documentation of itself and of each type, and from its schemas, which
 * are the same from 5.0 to 6.51 (github.com/hashicorp/terraform-provider-aws, website/docs and internal/service/iam).
 */

type AttributeType = 'string' | 'number' | 'bool' | readonly ['map' | 'set', 'string'];
type Use = 'required' | 'optional' | 'computed';

export interface Attribute {
  readonly type: AttributeType;
  readonly uses: readonly Use[];
}

export type Attributes = Readonly<Record<string, Attribute>>;

const attribute =
  (...uses: readonly Use[]) =>
  (type: AttributeType = 'string'): Attribute => ({ type, uses });
const required = attribute('required');
const optional = attribute('optional');
const computed = attribute('computed');
/** The provider finds a value where the file has none. */
const either = attribute('optional', 'computed');

const TAGS = { tags: optional(['map', 'string']), tags_all: either(['map', 'string']) };

export const PROVIDER: Attributes = {
  region: optional(),
  profile: optional(),
  allowed_account_ids: optional(['set', 'string']),
};

export const RESOURCES: Readonly<Record<string, Attributes>> = {
  aws_iam_user: {
    arn: computed(),
    force_destroy: optional('bool'),
    id: either(),
    name: required(),
    path: optional(),
    permissions_boundary: optional(),
    unique_id: computed(),
    ...TAGS,
  },
  aws_iam_user_policy: { id: either(), name: either(), name_prefix: either(), policy: required(), user: required() },
  aws_iam_role: {
    arn: computed(),
    assume_role_policy: required(),
    create_date: computed(),
    description: optional(),
    force_detach_policies: optional('bool'),
    id: either(),
    managed_policy_arns: either(['set', 'string']),
    max_session_duration: optional('number'),
    name: either(),
    name_prefix: either(),
    path: optional(),
    permissions_boundary: optional(),
    unique_id: computed(),
    ...TAGS,
  },
  aws_iam_role_policy: { id: either(), name: either(), name_prefix: either(), policy: required(), role: required() },
  aws_iam_role_policy_attachment: { id: either(), policy_arn: required(), role: required() },
};

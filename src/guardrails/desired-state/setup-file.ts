/**
 * The shape of `stepup.yaml`: what may stand in it, before defaults and cross-references. One description gives the
 * type, the check and the JSON schema that is published (`schema/stepup.schema.json`).
 */
import { z } from 'zod';

/** IAM's own limits of names (IAM API Reference), without the comma: it can't stand in a tag, where parts are named. */
const ENTITY_NAME = /^[A-Za-z0-9_+=.@-]{1,64}$/;
const POLICY_NAME = /^[A-Za-z0-9_+=.@-]{1,128}$/;
/** Names of accounts and of the setup itself: stepup's own, so they may be strict. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** IAM takes all of ASCII here; but an ARN with `*`, `?` or `$` in a policy's Resource stands for more than its own role. */
const PATH = /^\/(?:[!"#%-)+-.0->@-~]{1,64}\/){0,8}$/;
const POLICY_ARN = /^arn:[a-z-]+:iam::(?:aws|[0-9]{12}):policy\/[\x21-\x7e]{1,512}$/;
const SPAN = /^(?:[0-9]{1,9}|(?:[0-9]{1,9}[dhms]){1,4})$/;
/** What ASCII has beside letters, digits, spaces and _.:/=+-@ (IAM API Reference, Tag); keys without spaces, which part the names of parts. The rest AWS looks at itself. */
const TAG_KEY = /^[^\x00-\x20!-*,;<>?[-^`{-\x7f]{1,128}$/;
const TAG_VALUE = /^[^\x00-\x1f!-*,;<>?[-^`{-\x7f]{0,256}$/;
/** The Bech32 form of an X25519 recipient (age specification). */
const AGE_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

const text = (pattern: RegExp, problem: string) => z.string().regex(pattern, problem);

const label = text(LABEL, 'must be letters, digits, - and _, and begin with a letter or digit');
const entityName = text(ENTITY_NAME, 'must be at most 64 letters, digits and any of _+=.@-');
const path = text(PATH, 'must begin and end with a slash, as in /people/, and have none of *?$').describe(
  'The IAM path',
);
const policyArn = text(POLICY_ARN, 'must be the ARN of a managed policy, as in arn:aws:iam::aws:policy/ReadOnlyAccess');
const span = z
  .union([z.number().int().nonnegative(), text(SPAN, 'must be a span of time')], {
    error: 'must be a span of time: 15m, 1h30m, 12h, or a number of seconds',
  })
  .describe('A span of time: 15m, 1h30m, 12h, or a number of seconds');
const tags = z
  .record(text(TAG_KEY, 'is no tag key that AWS takes'), text(TAG_VALUE, 'is no tag value that AWS takes'))
  .describe('Tags; keys that begin with stepup: are stepup’s own');
const pattern = z.string().describe('A regular expression that the whole name must match');

const ACCOUNT_ID = 'must be twelve digits, in quotes if the first is 0';

const account = z.strictObject({
  id: z
    .union(
      [
        text(/^[0-9]{12}$/, ACCOUNT_ID),
        z.number().int(ACCOUNT_ID).min(100_000_000_000, ACCOUNT_ID).max(999_999_999_999, ACCOUNT_ID),
      ],
      ACCOUNT_ID,
    )
    .describe('The twelve digits of the account'),
  profile: z.string().min(1).optional().describe('The AWS profile that reads and changes the account'),
  partition: text(/^aws(?:-[a-z]+){0,2}$/, 'must be a partition, as in aws-us-gov')
    .optional()
    .describe('aws unless it is said'),
  trust_quota: z
    .number()
    .int()
    .min(2048)
    .max(8192)
    .optional()
    .describe('The account’s quota for the size of a trust policy, where AWS raised it from 2048'),
});

const SELF_SERVICE = ['device', 'keys'] as const;

const user = z.strictObject({
  path: path.optional(),
  self_service: z
    .array(z.enum(SELF_SERVICE))
    .optional()
    .describe('What the user may do with its own device and keys, with a fresh code'),
  age_recipient: text(AGE_RECIPIENT, 'must be an age recipient: age1 and 58 characters')
    .optional()
    .describe('To whom a new access key is encrypted'),
  bootstrap: span.optional().describe('How long a new user may enrol its first device; 48h unless it is said'),
  tags: tags.optional(),
});

const inline = z.record(
  text(POLICY_NAME, 'must be at most 128 letters, digits and any of _+=.@-'),
  z.record(z.string(), z.unknown()).describe('A policy document'),
);

const oneOrMore = z.union([label, z.array(label).min(1, 'must name an account')], {
  error: 'must be the name of an account, or a list of them',
});

const role = z.strictObject({
  account: oneOrMore
    .optional()
    .describe('Where the role is: one account or several; the identity account unless it is said'),
  name: entityName.optional().describe('The role’s name in IAM, where it isn’t the key'),
  path: path.optional(),
  description: z.string().max(1000).optional(),
  enter: z
    .array(entityName)
    .min(1, 'must name a user: a gated role without a way in is of no use')
    .describe('Users who may enter'),
  permissions: z
    .strictObject({
      managed: z.array(policyArn).optional().describe('ARNs of managed policies'),
      inline: inline.optional().describe('Policy documents by name'),
      boundary: policyArn.optional().describe('The ARN of the permissions boundary'),
    })
    .optional(),
  max_age: span.optional(),
  session: span.optional(),
  external_id: text(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits and any of _+=,.@:/-').optional(),
  tags: tags.optional(),
});

export const setupFile = z.strictObject({
  version: z.literal(1, 'must be 1').describe('The version of this format'),
  setup: label.optional().describe('A name for this setup, where an account has several; stepup unless it is said'),
  identity: label.optional().describe('The account whose users these are; needed where there are several'),
  accounts: z.record(label, account),
  names: z.strictObject({ users: pattern.optional(), roles: pattern.optional() }).optional(),
  defaults: z
    .strictObject({
      max_age: span.optional().describe('How old a code may be; 12h unless it is said'),
      session: span.optional().describe('How long a role session may last; 1h unless it is said'),
      path: path.optional(),
      bootstrap: span.optional(),
      self_service: z.array(z.enum(SELF_SERVICE)).optional(),
      tags: tags.optional(),
    })
    .optional(),
  users: z.record(entityName, user.nullable()),
  roles: z.record(entityName, role),
});

/** Whether a file may give this tag to somebody. */
export function isFileTag({ key, value }: { readonly key: string; readonly value: string }): boolean {
  return TAG_KEY.test(key) && TAG_VALUE.test(value) && !/^(?:stepup|aws):/i.test(key);
}

/** What stands in the file, checked by itself. */
export type SetupFile = z.infer<typeof setupFile>;
export type SelfService = (typeof SELF_SERVICE)[number];

/** The published schema (JSON Schema, draft 2020-12). Cross-references are beyond it: the reader checks those. */
export function setupJsonSchema(): object {
  const schema = z.toJSONSchema(setupFile, { io: 'input' });
  return { ...schema, title: 'stepup.yaml', description: 'The guardrails of stepup as one desired state' };
}

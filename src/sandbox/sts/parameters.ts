/** What each action of STS takes: the limits of its service model (2011-06-15), and its words for what doesn't fit. */

import type { Parameters } from '../operation.ts';
import { integer, list, optional, readParameters, required, structure, text, type ValuesOf } from '../shapes.ts';

const NAME = { printed: '[\\w+=,.@-]*', expression: /^[\w+=,.@-]*$/ };

const arn = text({ min: 20, max: 2048 });
const sessionName = text({ min: 2, max: 64, pattern: NAME });
const serialNumber = text({
  min: 9,
  max: 256,
  pattern: { printed: '[\\w+=/:,.@-]*', expression: /^[\w+=/:,.@-]*$/ },
});
const tokenCode = text({ min: 6, max: 6, pattern: { printed: '[\\d]*', expression: /^\d*$/ } });
const policy = text({
  min: 1,
  max: 2048,
  pattern: {
    printed: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
    expression: /^[\u0009\u000A\u000D\u0020-\u00FF]+$/,
  },
});
/** "You can provide up to 10 managed policy ARNs" (AssumeRole). */
const policyArns = list(structure({ arn: required(arn) }), 10);
const tagKey = text({
  min: 1,
  max: 128,
  pattern: { printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+', expression: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u },
});
const tagValue = text({
  max: 256,
  pattern: { printed: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', expression: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u },
});
const tags = list(structure({ Key: required(tagKey), Value: required(tagValue) }), 50);

const parameters = {
  AssumeRole: {
    RoleArn: required(arn),
    RoleSessionName: required(sessionName),
    PolicyArns: optional(policyArns),
    Policy: optional(policy),
    DurationSeconds: optional(integer(900, 43_200)),
    Tags: optional(tags),
    TransitiveTagKeys: optional(list(tagKey, 50)),
    ExternalId: optional(
      text({ min: 2, max: 1224, pattern: { printed: '[\\w+=,.@:\\/-]*', expression: /^[\w+=,.@:/-]*$/ } }),
    ),
    SerialNumber: optional(serialNumber),
    TokenCode: optional(tokenCode),
    SourceIdentity: optional(sessionName),
  },
  GetCallerIdentity: {},
  GetSessionToken: {
    DurationSeconds: optional(integer(900, 129_600)),
    SerialNumber: optional(serialNumber),
    TokenCode: optional(tokenCode),
  },
  GetFederationToken: {
    Name: required(text({ min: 2, max: 32, pattern: NAME })),
    Policy: optional(policy),
    PolicyArns: optional(policyArns),
    DurationSeconds: optional(integer(900, 129_600)),
    Tags: optional(tags),
  },
} as const;

type StsAction = keyof typeof parameters;

export type StsInput<A extends StsAction> = ValuesOf<(typeof parameters)[A]>;

/** Throws Refusal `ValidationError` with all that doesn't fit. */
export function readStsParameters<A extends StsAction>(action: A, given: Parameters): StsInput<A> {
  return readParameters(parameters[action], given, { quotesValues: true });
}

/** The condition keys of a request, as a person gives them on the command line. */
import { StepupError } from '../../errors.ts';
import type { Principal } from '../../policy/request.ts';

/** Values by key, in lower case. */
export type GivenContext = ReadonlyMap<string, readonly string[]>;

/**
 * `--context key=value[,value]` or `--context '{"key": "value"}'`, the later over the earlier. A value with a comma in
 * it needs the JSON form. Throws `usage`.
 */
export function readContextOptions(given: readonly string[]): GivenContext {
  return new Map(given.flatMap((text) => (text.trimStart().startsWith('{') ? readJson(text) : [readPair(text)])));
}

function readPair(text: string): readonly [string, readonly string[]] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new StepupError('usage', {
      problem: `--context ${text} names no value`,
      hint: 'Give --context KEY=VALUE, with commas between several values, or a JSON object.',
    });
  }
  return [text.slice(0, equals).toLowerCase(), text.slice(equals + 1).split(',')];
}

function readJson(text: string): readonly (readonly [string, readonly string[]])[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notContext('is not JSON');
  }
  return Object.entries(value as Readonly<Record<string, unknown>>).map(([key, values]) => {
    const list: readonly unknown[] = Array.isArray(values) ? values : [values];
    return [key.toLowerCase(), list.map(readJsonValue)] as const;
  });
}

function readJsonValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw notContext('has a value that is no string, number or Boolean');
}

function notContext(problem: string): StepupError {
  return new StepupError('usage', {
    problem: `--context ${problem}`,
    hint: 'As JSON it is an object of strings and lists of strings: {"aws:SourceIp": "203.0.113.7"}',
  });
}

/** The MFA keys that `--mfa` stands for (IAM User Guide, Secure API access with MFA). Throws `usage`. */
export function readMfaOption(given: string | undefined): GivenContext {
  if (given === undefined || given === 'absent') return new Map();
  if (given === 'false') return new Map([['aws:multifactorauthpresent', ['false']]]);
  if (/^\d{1,9}$/.test(given)) {
    return new Map([
      ['aws:multifactorauthpresent', ['true']],
      ['aws:multifactorauthage', [given]],
    ]);
  }
  throw new StepupError('usage', {
    problem: `--mfa ${given} means nothing`,
    hint: 'absent: a long-term key; false: a session made without a code; a number: seconds since the code.',
  });
}

/** What an ARN itself tells of the keys that a principal brings; the account's data, where there is some, tells more. */
export function contextOfPrincipal(principal: Principal): GivenContext {
  if (!('accountId' in principal)) return new Map();
  const account = ['aws:principalaccount', [principal.accountId]] as const;
  switch (principal.type) {
    case 'root':
      return new Map([account, ['aws:principalarn', [principal.arn]], ['aws:principaltype', ['Account']]]);
    case 'user':
      return new Map([
        account,
        ['aws:principalarn', [principal.arn]],
        ['aws:principaltype', ['User']],
        ['aws:username', [principal.arn.slice(principal.arn.lastIndexOf('/') + 1)]],
      ]);
    case 'role-session':
      return new Map<string, readonly string[]>([
        account,
        ['aws:principaltype', ['AssumedRole']],
        ...(principal.roleArn === undefined ? [] : [['aws:principalarn', [principal.roleArn]] as const]),
      ]);
    case 'federated-user':
      return new Map([account, ['aws:principalarn', [principal.arn]], ['aws:principaltype', ['FederatedUser']]]);
  }
}

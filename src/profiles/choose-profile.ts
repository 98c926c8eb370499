import type { Environment } from './aws-files.ts';

/** Whose credentials are meant. */
export type Choice =
  | {
      readonly type: 'profile';
      readonly name: string;
      /** Who said so; `default` when nobody did. */
      readonly from: 'argument' | 'AWS_PROFILE' | 'AWS_DEFAULT_PROFILE' | 'default';
    }
  | { readonly type: 'environment' };

/**
 * The profile that the AWS CLI would take (version 2: `AWS_PROFILE` before `AWS_DEFAULT_PROFILE`; an empty one counts as
 * none). Keys in the environment win over a profile named there, and lose to one named as an argument.
 */
export function chooseProfile(argument: string | undefined, env: Environment): Choice {
  if (argument !== undefined) return { type: 'profile', name: argument, from: 'argument' };
  if (isSet(env, 'AWS_ACCESS_KEY_ID') && isSet(env, 'AWS_SECRET_ACCESS_KEY')) return { type: 'environment' };
  for (const from of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const) {
    const name = env[from];
    if (name !== undefined && name !== '') return { type: 'profile', name, from };
  }
  return { type: 'profile', name: 'default', from: 'default' };
}

function isSet(env: Environment, variable: string): boolean {
  return (env[variable] ?? '') !== '';
}

/** What a state costs the people who live in it: how often they are asked for a code, and what stops working when. */
import { type DesiredState, LOGIN_SECONDS } from './desired-state.ts';

export type Price =
  /** A code for this role is good for less than a login lasts. */
  | { readonly type: 'short-gate'; readonly roles: readonly string[]; readonly maxAgeSeconds: number }
  /** Sessions of more than an hour: AWS gives them only for a code on the entry itself. */
  | { readonly type: 'long-session'; readonly roles: readonly string[] };

/** AWS's limit for a role entered from a session (STS API Reference, AssumeRole, DurationSeconds). */
const CHAINED_LIMIT_SECONDS = 3600;

/** The shortest gates first. */
export function pricesOf({ roles }: DesiredState): readonly Price[] {
  const short = roles.filter(({ maxAgeSeconds }) => maxAgeSeconds < LOGIN_SECONDS);
  const ages = [...new Set(short.map(({ maxAgeSeconds }) => maxAgeSeconds))].sort((a, b) => a - b);
  const long = roles.filter(({ sessionSeconds }) => sessionSeconds > CHAINED_LIMIT_SECONDS);
  return [
    ...ages.map((maxAgeSeconds): Price => {
      const names = short.filter((role) => role.maxAgeSeconds === maxAgeSeconds).map(({ name }) => name);
      return { type: 'short-gate', roles: [...new Set(names)], maxAgeSeconds };
    }),
    ...(long.length === 0
      ? []
      : [{ type: 'long-session', roles: [...new Set(long.map(({ name }) => name))] } as const]),
  ];
}

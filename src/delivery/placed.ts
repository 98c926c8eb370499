/**
 * The region and endpoints that `exec` and `sup` put into an environment for their profile. A command inside of it that
 * works for another profile would take them for the person's own, which win over that profile's: what was placed is written down.
 */
import type { GrantedCredentials } from '../sessions/wish.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variable that tells what was placed: `AWS_REGION=eu-west-1,…`, the values percent-encoded. */
export const PLACED = 'STEPUP_PLACED';

/** What is still as it was placed; a value that the person has given since is the person's. */
export function stillPlaced(env: Variables): readonly string[] {
  return entriesOf(env).flatMap(([name, value]) => {
    const now = env[name];
    return now !== undefined && encodeURIComponent(now) === value ? [name] : [];
  });
}

/** What was placed and is taken out of `env` by now: a shell has to forget it. */
export function goneFrom(env: Variables): readonly string[] {
  return entriesOf(env).flatMap(([name]) => (env[name] === undefined ? [name] : []));
}

/** The names may end up in a shell's code: only such as we write are taken. */
function entriesOf(env: Variables): readonly (readonly [name: string, value: string])[] {
  const placed = env[PLACED];
  if (!placed) return [];
  return placed.split(',').flatMap((entry) => {
    const [, name, value] = /^(AWS_[A-Z0-9_]+)=(.*)$/.exec(entry) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

/** What a program has to be told that gets no profile, as far as its environment doesn't say it already; with their names. */
export function placedVariables(
  { region, endpointVariables }: Pick<GrantedCredentials, 'region' | 'endpointVariables'>,
  env: Variables,
): readonly (readonly [name: string, value: string])[] {
  const regions =
    region === undefined
      ? []
      : ([
          ['AWS_REGION', region],
          ['AWS_DEFAULT_REGION', region],
        ] as const);
  const placed = [...regions, ...endpointVariables].filter(([name]) => !env[name]);
  return [...placed, [PLACED, placed.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join(',')]];
}

/**
 * The region and endpoints that `exec` and `sup` put into an environment for their profile. A command inside of it that
 * works for another profile would take them for the person's own, which win over that profile's: their names are kept.
 */
import type { GrantedCredentials } from '../sessions/wish.ts';

/** The variable that names them. */
export const PLACED = 'STEPUP_PLACED';

/** Names that may end up in a shell's code: only such as we write are taken. */
export function placedNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = env[PLACED];
  return names ? names.split(',').filter((name) => /^AWS_[A-Z0-9_]+$/.test(name)) : [];
}

/** What a program has to be told that gets no profile, as far as its environment doesn't say it already; with their names. */
export function placedVariables(
  { region, endpointVariables }: Pick<GrantedCredentials, 'region' | 'endpointVariables'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, value: string])[] {
  const regions =
    region === undefined
      ? []
      : ([
          ['AWS_REGION', region],
          ['AWS_DEFAULT_REGION', region],
        ] as const);
  const placed = [...regions, ...endpointVariables].filter(([name]) => !env[name]);
  return [...placed, [PLACED, placed.map(([name]) => name).join(',')]];
}

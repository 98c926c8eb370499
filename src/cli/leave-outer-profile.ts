import { stillPlaced } from '../delivery/placed.ts';

/** Inside of `exec` or `sup`: takes out where that profile's requests go, so that another profile's don't go there. */
export function leaveOuterProfile(env: NodeJS.ProcessEnv): void {
  for (const name of stillPlaced(env)) delete env[name];
}

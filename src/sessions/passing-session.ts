/** MFA sessions for one run alone: a code is asked for, and nothing is written anywhere. */
import type { SessionCredentials } from '../aws/credentials.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { authenticate } from './authenticate.ts';
import { identityOf, type LoginPorts } from './login.ts';

/** `base` is the profile with the key. Throws what reading the key and `authenticate` throw. */
export async function passingSession(
  base: string,
  durationSeconds: number,
  ports: LoginPorts,
): Promise<SessionCredentials> {
  const files = readAwsFiles(ports.paths);
  const resolved = resolveProfile(files, base, ports.env);
  const identity = identityOf(files, resolved, await ports.readKey(resolved), {}, ports.env);
  const { credentials } = await authenticate(identity, { durationSeconds }, { ...ports, onUserArn: () => undefined });
  return credentials;
}

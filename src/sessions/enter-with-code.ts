/** AssumeRole by the long-term key itself, with a code on the call: where an MFA session can't serve. */
import type { SessionCredentials } from '../aws/credentials.ts';
import { resolveEndpoint } from '../aws/endpoints.ts';
import { readAwsFiles } from '../profiles/aws-files.ts';
import { endpointSettings } from '../profiles/endpoint-settings.ts';
import { resolveProfile } from '../profiles/resolve.ts';
import { authenticate } from './authenticate.ts';
import type { AssumeRequest } from './broker-ports.ts';
import { identityOf, type LoginPorts } from './login.ts';

/** Throws as `authenticate`, and what AssumeRole throws. */
export async function enterWithCode(
  request: AssumeRequest,
  base: string,
  ports: LoginPorts,
): Promise<SessionCredentials> {
  const { env, paths } = ports;
  const { step, sessionName, durationSeconds } = request;
  const files = readAwsFiles(paths);
  const resolvedBase = resolveProfile(files, base, env);
  const named = step.mfaSerial;
  const serial =
    named === undefined ? undefined : { serialNumber: named, origin: `mfa_serial of profile ${step.profile}` };
  const identity = identityOf(files, resolvedBase, await ports.readKey(resolvedBase), { serial }, env);
  const sts = resolveEndpoint('sts', endpointSettings(files, resolveProfile(files, request.profile, env), 'sts', env));
  const { assumeRole } = await import('../aws/sts.ts');
  const { credentials } = await authenticate(
    { ...identity, sts },
    {
      durationSeconds,
      roleArn: step.roleArn,
      send: (mfa, connection) => assumeRole({ ...roleRequest(step), sessionName, durationSeconds, mfa }, connection),
    },
    { ...ports, onUserArn: () => undefined },
  );
  return credentials;
}

/** What of a role's step goes into every AssumeRole. */
export function roleRequest(step: AssumeRequest['step']) {
  const { roleArn, externalId, sourceIdentity, sessionTags, transitiveSessionTags, sessionPolicy } = step;
  return {
    roleArn,
    policyArns: step.sessionPolicyArns,
    tags: sessionTags,
    transitiveTagKeys: transitiveSessionTags,
    ...(sessionPolicy !== undefined && { policy: sessionPolicy }),
    ...(externalId !== undefined && { externalId }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  };
}

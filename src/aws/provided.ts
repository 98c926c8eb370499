/** Credentials of bases that have no key of ours to keep, by the SDK's own providers: they know each way to sign in. */
import type { fromIni } from '@aws-sdk/credential-provider-ini';
import type { Credentials } from './credentials.ts';

export interface ProvidedFrom {
  readonly profile: string;
  readonly configFile: string;
  readonly credentialsFile: string;
}

/** What the profile's own sign-in gives; of a role with `credential_source`, what it starts from. Throws the SDK's errors. */
export async function providedCredentials({
  profile,
  configFile,
  credentialsFile,
}: ProvidedFrom): Promise<Credentials> {
  const ini = await import('@aws-sdk/credential-provider-ini');
  const provider = ini.fromIni({
    profile,
    configFilepath: configFile,
    filepath: credentialsFile,
    ignoreCache: true,
    // Entering roles is ours: the SDK hands over what it would enter them with.
    roleAssumer: async (source) => source,
    mfaCodeProvider: async () => '000000',
  });
  return plain(await provider());
}

function plain({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
  accountId,
}: Awaited<ReturnType<ReturnType<typeof fromIni>>>): Credentials {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiresAtMs: expiration.getTime() }),
    ...(accountId !== undefined && { accountId }),
  };
}

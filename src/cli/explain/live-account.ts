/** The account that a profile signs in to, read over the network. */
import { IAMClient } from '@aws-sdk/client-iam';
import type { Account } from '../../account/account.ts';
import { readLiveAccount } from '../../account/live.ts';
import { call } from '../../aws/connection.ts';
import { resolveEndpoint } from '../../aws/endpoints.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { endpointSettings } from '../../profiles/endpoint-settings.ts';
import { resolveProfile } from '../../profiles/resolve.ts';
import { brokerFor } from '../broker-for.ts';
import type { Io } from '../io.ts';

/** A page of a thousand roles with their policies. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
/** IAM throttles by calls; the SDK waits longer each time. */
const MAX_ATTEMPTS = 5;

/**
 * Reads it with the profile's credentials, by the way that `stepup credentials` goes. Throws what the broker and
 * `readLiveAccount` throw.
 */
export async function readProfileAccount(
  io: Io,
  profile: string,
  options: { readonly longTerm?: boolean | undefined },
): Promise<Account> {
  const broker = await brokerFor(io);
  const { credentials } = await broker.credentialsFor({
    profile,
    mayAsk: true,
    ...(options.longTerm === true && { longTerm: true }),
  });
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const settings = endpointSettings(files, resolveProfile(files, profile, io.env), 'iam', io.env);
  const connection = {
    endpoint: resolveEndpoint('iam', settings),
    credentials,
    now: io.now,
    signal: io.interrupted,
    maxAnswerBytes: MAX_PAGE_BYTES,
  };
  return call('GetAccountAuthorizationDetails', connection, (config) =>
    readLiveAccount(new IAMClient({ ...config, maxAttempts: MAX_ATTEMPTS })),
  );
}

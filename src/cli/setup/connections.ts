/** The accounts of a setup, each with its administrator's profile. */
import type { Connection } from '../../aws/connection.ts';
import { type EndpointService, resolveEndpoint } from '../../aws/endpoints.ts';
import { StepupError } from '../../errors.ts';
import type { AccountConnections } from '../../guardrails/account-access.ts';
import type { DesiredAccount } from '../../guardrails/desired-state/desired-state.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { endpointSettings } from '../../profiles/endpoint-settings.ts';
import { resolveProfile } from '../../profiles/resolve.ts';
import type { GrantedCredentials } from '../../sessions/wish.ts';
import { brokerFor } from '../broker-for.ts';
import type { Io } from '../io.ts';
import type { Traffic } from './traffic.ts';

export interface AdminOptions {
  /** For accounts that name none. */
  readonly profile?: string | undefined;
  readonly longTerm?: boolean | undefined;
}

/** A page of a thousand roles with their policies. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
/** The broker is asked again after this; it renews what ends soon. */
const CREDENTIALS_KEPT_MS = 60_000;

/**
 * Answers an account's connections; asks for a code when one is needed, once for each profile. `traffic` is told of each
 * request to IAM and STS.
 */
export function setupConnections(
  io: Io,
  { profile: preset, longTerm }: AdminOptions,
  traffic?: Traffic,
): (account: DesiredAccount) => Promise<AccountConnections> {
  const kept = new Map<string, { readonly sinceMs: number; readonly granted: Promise<GrantedCredentials> }>();
  const broker = brokerFor(io);
  const credentialsOf = (profile: string): Promise<GrantedCredentials> => {
    const known = kept.get(profile);
    if (known !== undefined && io.now() - known.sinceMs < CREDENTIALS_KEPT_MS) return known.granted;
    const granted = broker.then((it) =>
      it.credentialsFor({ profile, mayAsk: true, ...(longTerm === true && { longTerm: true }) }),
    );
    kept.set(profile, { sinceMs: io.now(), granted });
    return granted;
  };
  return async (account) => {
    const profile = account.profile ?? preset;
    if (profile === undefined) {
      throw new StepupError('usage', {
        problem: `account ${account.label} names no profile`,
        hint: `Give accounts.${account.label}.profile in the file, or --profile NAME.`,
      });
    }
    const { credentials } = await credentialsOf(profile);
    const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
    const resolved = resolveProfile(files, profile, io.env);
    const connection = (service: EndpointService): Connection => ({
      endpoint: resolveEndpoint(service, endpointSettings(files, resolved, service, io.env)),
      credentials,
      now: io.now,
      signal: io.interrupted,
      maxAnswerBytes: MAX_PAGE_BYTES,
      ...(traffic !== undefined && { onRequest: traffic.onRequest, onTime: traffic.onTime }),
    });
    return { iam: connection('iam'), sts: connection('sts') };
  };
}

/** The same options as arguments, for a command that somebody else should run. */
export function adminArguments({
  file,
  profile,
  longTerm,
}: AdminOptions & { readonly file?: string | undefined }): readonly string[] {
  return [
    ...(file === undefined ? [] : ['--file', file]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(longTerm === true ? ['--long-term'] : []),
  ];
}

/** An account read over the network: from AWS, or from anything that answers IAM's API, such as the sandbox. */
import { GetAccountAuthorizationDetailsCommand, type IAMClient } from '@aws-sdk/client-iam';
import { StepupError } from '../errors.ts';
import type { Account } from './account.ts';
import { type AccountIdentity, readAuthorizationDetails } from './from-authorization-details.ts';

/** The most that IAM gives in one page: fewer calls, and IAM throttles by calls. */
const PAGE_SIZE = 1000;

const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;

/**
 * Reads the whole account, page by page; needs `iam:GetAccountAuthorizationDetails`. The client is the caller's, with
 * its credentials, endpoint and retries; its errors pass through. `signal` stops between and within calls.
 *
 * Throws StepupError `malformed-account` for an answer that can't be read, and for a marker that comes twice.
 */
export async function readLiveAccount(
  client: Pick<IAMClient, 'send'>,
  options: { readonly identity?: AccountIdentity; readonly signal?: AbortSignal } = {},
): Promise<Account> {
  const merged: Record<(typeof LISTS)[number], unknown[]> = {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  };
  const seenMarkers = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await client.send(
      new GetAccountAuthorizationDetailsCommand({
        MaxItems: PAGE_SIZE,
        ...(marker === undefined ? {} : { Marker: marker }),
      }),
      options.signal === undefined ? {} : { abortSignal: options.signal },
    );
    for (const name of LISTS) merged[name].push(...(page[name] ?? []));
    marker = page.IsTruncated === true ? page.Marker : undefined;
    if (page.IsTruncated === true && (marker === undefined || seenMarkers.has(marker))) {
      throw new StepupError('malformed-account', {
        path: '$.Marker',
        problem: marker === undefined ? 'is missing on a truncated page' : 'is the same as on an earlier page',
      });
    }
    if (marker !== undefined) seenMarkers.add(marker);
  } while (marker !== undefined);
  return readAuthorizationDetails(merged, options.identity);
}

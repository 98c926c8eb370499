/**
 * A code goes only where it belongs. Whoever learns a fresh code and holds the key behind it gets a session, so a
 * code may be sent to AWS itself, to loopback, or to a host that the person allowed in stepup's own configuration;
 * an endpoint that a repository's `.env` or config put there gets nothing.
 */
import type { Endpoint } from './endpoints.ts';
import { PARTITIONS, type Partition } from './partitions.ts';

export type CodeDestination =
  | { readonly allowed: true; readonly because: 'aws' | 'loopback' | 'allow-list' }
  | { readonly allowed: false; readonly because: 'plain-http' | 'foreign-host' | 'other-partition' };

/**
 * May a code be sent to this endpoint? `devicePartition` is the partition of the device's ARN, if its serial number
 * is one: a code of a GovCloud device has no business with a commercial host. `allowedHosts` are `host` or
 * `host:port`, lower case.
 */
export function codeDestination(
  { url, service }: Pick<Endpoint, 'url' | 'service'>,
  devicePartition: Partition | undefined,
  allowedHosts: readonly string[],
): CodeDestination {
  if (isLoopback(url.hostname)) return { allowed: true, because: 'loopback' };
  if (url.protocol !== 'https:') return { allowed: false, because: 'plain-http' };
  if (allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname)) {
    return { allowed: true, because: 'allow-list' };
  }
  const standardPort = url.port === '';
  const owners = standardPort ? PARTITIONS.filter((partition) => ownHost(partition, service, url.hostname)) : [];
  if (owners.length === 0) return { allowed: false, because: 'foreign-host' };
  const right = devicePartition === undefined || owners.some(({ name }) => name === devicePartition.name);
  return right ? { allowed: true, because: 'aws' } : { allowed: false, because: 'other-partition' };
}

/** 127.0.0.0/8, ::1 and `localhost`; no other name, since a name may resolve to anything. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * Is this host the service itself? The name in full, not the domain alone: under `amazonaws.com` customers' own
 * buckets, gateways and machines answer as well.
 */
function ownHost(partition: Partition, service: 'sts' | 'iam', hostname: string): boolean {
  return service === 'iam' ? ownIamHost(partition, hostname) : ownStsHost(partition, hostname);
}

function ownIamHost({ iam }: Partition, hostname: string): boolean {
  return [iam.plain, iam.fips, iam.dualStack, iam.fipsDualStack].includes(hostname);
}

function ownStsHost(partition: Partition, hostname: string): boolean {
  if (hostname === 'sts.amazonaws.com') return partition.name === 'aws';
  return [partition.dnsSuffix, partition.dualStackDnsSuffix].some((suffix) => {
    if (!hostname.endsWith(`.${suffix}`)) return false;
    const labels = hostname.slice(0, -suffix.length - 1).split('.');
    // `sts.REGION`, `sts-fips.REGION`, and an interface endpoint of a VPC: `vpce-….sts.REGION.vpce`.
    const [service, region, ...rest] = labels.length === 4 && labels[3] === 'vpce' ? labels.slice(1, 3) : labels;
    return (
      rest.length === 0 &&
      (service === 'sts' || service === 'sts-fips') &&
      region !== undefined &&
      partition.regions.test(region)
    );
  });
}

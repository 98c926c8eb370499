/** Where a request goes: AWS's own host for service and region, or the endpoint that the person configured. */
import { type CustomEndpoint, parseCustomEndpoint, requireRegion } from './custom-endpoint.ts';
import { type Partition, partitionOfRegion } from './partitions.ts';

export type EndpointService = 'sts' | 'iam';

/** What decides on the endpoint, as the AWS CLI's configuration names it. */
export interface EndpointSettings {
  readonly region?: string | undefined;
  readonly useFipsEndpoint?: boolean | undefined;
  readonly useDualStackEndpoint?: boolean | undefined;
  /** `sts_regional_endpoints = legacy`: some regions' STS calls go to the global host. */
  readonly legacyStsEndpoint?: boolean | undefined;
  /** `endpoint_url` and its relatives; wins over all the rest. */
  readonly custom?: CustomEndpoint | undefined;
}

export interface Endpoint {
  readonly service: EndpointService;
  readonly url: URL;
  readonly signingRegion: string;
  /** Where a custom endpoint was set; absent for AWS's own. */
  readonly customOrigin?: string;
}

/** Regions that are older than STS's regional endpoints (STS API Reference, "AWS STS Regionalized endpoints"). */
const LEGACY_STS_REGIONS: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'aws-global',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]);

const GLOBAL_STS_HOST = 'sts.amazonaws.com';

/**
 * The endpoint of a service. Throws `endpoint-invalid` for a custom endpoint that is no http(s) URL, and for a region
 * that can't be part of a host name.
 */
export function resolveEndpoint(service: EndpointService, settings: EndpointSettings): Endpoint {
  const { region, custom } = settings;
  requireRegion(region);
  const partition = partitionOfRegion(region ?? 'us-east-1');
  const own = service === 'iam' ? iamHost(partition, settings) : stsHost(partition, settings);
  if (custom === undefined) return { service, url: new URL(`https://${own.host}`), signingRegion: own.region };
  return { service, url: parseCustomEndpoint(custom), signingRegion: own.region, customOrigin: custom.origin };
}

interface Host {
  readonly host: string;
  readonly region: string;
}

function iamHost({ iam }: Partition, settings: EndpointSettings): Host {
  const kind = settings.useFipsEndpoint
    ? settings.useDualStackEndpoint
      ? 'fipsDualStack'
      : 'fips'
    : settings.useDualStackEndpoint
      ? 'dualStack'
      : 'plain';
  return { host: iam[kind], region: iam.region };
}

function stsHost(partition: Partition, settings: EndpointSettings): Host {
  const { region, useFipsEndpoint, useDualStackEndpoint, legacyStsEndpoint } = settings;
  if (!useFipsEndpoint && !useDualStackEndpoint) {
    const global = region === undefined || region === 'aws-global';
    if (global || (legacyStsEndpoint && LEGACY_STS_REGIONS.has(region))) {
      return { host: GLOBAL_STS_HOST, region: 'us-east-1' };
    }
  }
  const place = region === undefined || region === 'aws-global' ? partition.globalRegion : region;
  const suffix = useDualStackEndpoint ? partition.dualStackDnsSuffix : partition.dnsSuffix;
  // GovCloud's plain STS hosts are FIPS ones.
  const fips = useFipsEndpoint && !(partition.name === 'aws-us-gov' && !useDualStackEndpoint);
  return { host: `${fips ? 'sts-fips' : 'sts'}.${place}.${suffix}`, region: place };
}

/**
 * AWS's partitions: which regions belong to each, and under which DNS names its services answer. From the partition
 * data that AWS publishes with its SDKs; `endpoints.test.ts` holds it against the SDK's own resolver.
 */

export interface Partition {
  /** As the second part of an ARN. */
  readonly name: string;
  readonly regions: RegExp;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  /** The region that stands for the whole partition where none is named. */
  readonly globalRegion: string;
  /** IAM is one for a partition; its hosts follow no rule, its signatures name this region. */
  readonly iam: {
    readonly region: string;
    readonly plain: string;
    readonly fips: string;
    readonly dualStack: string;
    readonly fipsDualStack: string;
  };
}

export const PARTITIONS: readonly Partition[] = [
  {
    name: 'aws',
    regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    globalRegion: 'us-east-1',
    iam: {
      region: 'us-east-1',
      plain: 'iam.amazonaws.com',
      fips: 'iam-fips.amazonaws.com',
      dualStack: 'iam.global.api.aws',
      fipsDualStack: 'iam-fips.global.api.aws',
    },
  },
  {
    name: 'aws-cn',
    regions: /^cn-\w+-\d+$/,
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    globalRegion: 'cn-northwest-1',
    iam: {
      region: 'cn-north-1',
      plain: 'iam.cn-north-1.amazonaws.com.cn',
      fips: 'iam-fips.amazonaws.com.cn',
      dualStack: 'iam.global.api.amazonwebservices.com.cn',
      fipsDualStack: 'iam-fips.api.amazonwebservices.com.cn',
    },
  },
  {
    name: 'aws-us-gov',
    regions: /^us-gov-\w+-\d+$/,
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    globalRegion: 'us-gov-west-1',
    iam: {
      region: 'us-gov-west-1',
      plain: 'iam.us-gov.amazonaws.com',
      fips: 'iam.us-gov.amazonaws.com',
      dualStack: 'iam.us-gov.api.aws',
      fipsDualStack: 'iam.us-gov.api.aws',
    },
  },
  {
    name: 'aws-eusc',
    regions: /^eusc-(de)-\w+-\d+$/,
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
    globalRegion: 'eusc-de-east-1',
    iam: {
      region: 'eusc-de-east-1',
      plain: 'iam.eusc-de-east-1.amazonaws.eu',
      fips: 'iam-fips.amazonaws.eu',
      dualStack: 'iam.global.api.amazonwebservices.eu',
      fipsDualStack: 'iam-fips.api.amazonwebservices.eu',
    },
  },
  {
    name: 'aws-iso',
    regions: /^us-iso-\w+-\d+$/,
    dnsSuffix: 'c2s.ic.gov',
    dualStackDnsSuffix: 'api.aws.ic.gov',
    globalRegion: 'us-iso-east-1',
    iam: {
      region: 'us-iso-east-1',
      plain: 'iam.us-iso-east-1.c2s.ic.gov',
      fips: 'iam-fips.us-iso-east-1.c2s.ic.gov',
      dualStack: 'iam.api.aws.ic.gov',
      fipsDualStack: 'iam-fips.api.aws.ic.gov',
    },
  },
  {
    name: 'aws-iso-b',
    regions: /^us-isob-\w+-\d+$/,
    dnsSuffix: 'sc2s.sgov.gov',
    dualStackDnsSuffix: 'api.aws.scloud',
    globalRegion: 'us-isob-east-1',
    iam: {
      region: 'us-isob-east-1',
      plain: 'iam.us-isob-east-1.sc2s.sgov.gov',
      fips: 'iam-fips.us-isob-east-1.sc2s.sgov.gov',
      dualStack: 'iam.api.aws.scloud',
      fipsDualStack: 'iam-fips.api.aws.scloud',
    },
  },
  {
    name: 'aws-iso-e',
    regions: /^eu-isoe-\w+-\d+$/,
    dnsSuffix: 'cloud.adc-e.uk',
    dualStackDnsSuffix: 'api.cloud-aws.adc-e.uk',
    globalRegion: 'eu-isoe-west-1',
    iam: {
      region: 'eu-isoe-west-1',
      plain: 'iam.eu-isoe-west-1.cloud.adc-e.uk',
      fips: 'iam-fips.cloud.adc-e.uk',
      dualStack: 'iam.api.cloud-aws.adc-e.uk',
      fipsDualStack: 'iam-fips.api.cloud-aws.adc-e.uk',
    },
  },
  {
    name: 'aws-iso-f',
    regions: /^us-isof-\w+-\d+$/,
    dnsSuffix: 'csp.hci.ic.gov',
    dualStackDnsSuffix: 'api.aws.hci.ic.gov',
    globalRegion: 'us-isof-south-1',
    iam: {
      region: 'us-isof-south-1',
      plain: 'iam.us-isof-south-1.csp.hci.ic.gov',
      fips: 'iam-fips.csp.hci.ic.gov',
      dualStack: 'iam.api.aws.hci.ic.gov',
      fipsDualStack: 'iam-fips.api.aws.hci.ic.gov',
    },
  },
];

const COMMERCIAL: Partition = PARTITIONS[0] as Partition;

/** The partition of a region; AWS's SDKs take the commercial one for a region that they don't know, and so do we. */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find((partition) => partition.regions.test(region)) ?? COMMERCIAL;
}

/** The partition that an ARN names; undefined for what is no ARN, or names one that isn't known. */
export function partitionOfArn(arn: string): Partition | undefined {
  const [prefix, name] = arn.split(':', 2);
  return prefix === 'arn' ? PARTITIONS.find((partition) => partition.name === name) : undefined;
}

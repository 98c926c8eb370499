import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { isStepupError } from '../errors.ts';
import { resolveEndpoint } from './endpoints.ts';

const REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-central-1',
  'eu-south-2',
  'mx-central-1',
  'il-central-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
  'eusc-de-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-east-1',
  'xx-new-1',
];

const FLAGS = [false, true].flatMap((UseFIPS) => [false, true].map((UseDualStack) => ({ UseFIPS, UseDualStack })));

const CASES = REGIONS.flatMap((Region) => FLAGS.map((flags) => ({ Region, ...flags })));

describe("AWS's own endpoints are those of the SDK", () => {
  const sts = new STSClient({ region: 'us-east-1' });
  const iam = new IAMClient({ region: 'us-east-1' });

  it.each(CASES)('STS $Region, FIPS $UseFIPS, dual stack $UseDualStack', ({ Region, UseFIPS, UseDualStack }) => {
    const oracle = sts.config.endpointProvider({ Region, UseFIPS, UseDualStack, UseGlobalEndpoint: false });
    const ours = resolveEndpoint('sts', {
      region: Region,
      useFipsEndpoint: UseFIPS,
      useDualStackEndpoint: UseDualStack,
    });
    expect(ours.url.href).toBe(oracle.url.href);
    expect(ours.signingRegion).toBe(Region);
  });

  it.each(REGIONS)('STS %s, legacy', (Region) => {
    const oracle = sts.config.endpointProvider({
      Region,
      UseFIPS: false,
      UseDualStack: false,
      UseGlobalEndpoint: true,
    });
    const ours = resolveEndpoint('sts', { region: Region, legacyStsEndpoint: true });
    expect(ours.url.href).toBe(oracle.url.href);
    // The SDK names a signing region only where it differs from the region.
    const [scheme] = (oracle.properties?.['authSchemes'] as { signingRegion?: string }[] | undefined) ?? [];
    expect(ours.signingRegion).toBe(scheme?.signingRegion ?? Region);
  });

  it.each(CASES)('IAM $Region, FIPS $UseFIPS, dual stack $UseDualStack', ({ Region, UseFIPS, UseDualStack }) => {
    const oracle = iam.config.endpointProvider({ Region, UseFIPS, UseDualStack });
    const ours = resolveEndpoint('iam', {
      region: Region,
      useFipsEndpoint: UseFIPS,
      useDualStackEndpoint: UseDualStack,
    });
    expect(ours.url.href).toBe(oracle.url.href);
  });

  it('takes the global STS host where no region is named', () => {
    expect(resolveEndpoint('sts', {})).toMatchObject({ signingRegion: 'us-east-1' });
    expect(resolveEndpoint('sts', {}).url.host).toBe('sts.amazonaws.com');
  });
});

describe('a custom endpoint', () => {
  it('wins, and remembers where it was set', () => {
    const custom = { url: 'http://127.0.0.1:4566/', origin: 'AWS_ENDPOINT_URL in the environment' };
    expect(resolveEndpoint('sts', { region: 'eu-west-1', custom })).toEqual({
      service: 'sts',
      url: new URL(custom.url),
      signingRegion: 'eu-west-1',
      customOrigin: custom.origin,
    });
  });

  it.each(['', 'sts.example.com', 'file:///etc/passwd', 'https://user:pw@sts.amazonaws.com'])('refuses %j', (url) => {
    expect(() => resolveEndpoint('sts', { custom: { url, origin: 'here' } })).toThrow(
      expect.toSatisfy((error) => isStepupError(error, 'endpoint-invalid')),
    );
  });

  it.each([
    ['https://user:pw@host/x', 'https://…@host/x'],
    ['https://user:p/w@1@host', 'https://…@host'],
    ['user:pw@host', '…@host'],
    ['ftp://host', 'ftp://host'],
  ])('says nothing of a password in %j', (url, value) => {
    expect(() => resolveEndpoint('sts', { custom: { url, origin: 'here' } })).toThrow(
      expect.objectContaining({ fields: { value, origin: 'here' } }),
    );
  });

  it('refuses a region that would make another host', () => {
    expect(() => resolveEndpoint('sts', { region: 'x.evil.example/' })).toThrow();
  });
});

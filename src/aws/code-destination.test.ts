import { describe, expect, it } from 'vitest';
import { codeDestination } from './code-destination.ts';
import { resolveEndpoint } from './endpoints.ts';
import { PARTITIONS, partitionOfArn } from './partitions.ts';

const decide = (url: string, serial = 'arn:aws:iam::123456789012:mfa/me', allowed: readonly string[] = []) =>
  codeDestination({ url: new URL(url), service: 'sts' }, partitionOfArn(serial), allowed);

describe('a code may go', () => {
  it.each(PARTITIONS)("to every STS and IAM host of $name's own", (partition) => {
    for (const useFipsEndpoint of [false, true]) {
      for (const useDualStackEndpoint of [false, true]) {
        for (const service of ['sts', 'iam'] as const) {
          const endpoint = resolveEndpoint(service, {
            region: partition.globalRegion,
            useFipsEndpoint,
            useDualStackEndpoint,
          });
          expect(codeDestination(endpoint, partition, [])).toEqual({ allowed: true, because: 'aws' });
        }
      }
    }
  });

  it.each([
    ['https://sts.amazonaws.com', 'aws'],
    ['https://sts.eu-west-1.amazonaws.com', 'aws'],
    ['https://vpce-0a1b-c2d3.sts.eu-west-1.vpce.amazonaws.com', 'aws'],
    ['http://127.0.0.1:4566', 'loopback'],
    ['http://127.8.9.1:4566', 'loopback'],
    ['http://localhost:4566', 'loopback'],
    ['http://[::1]:4566', 'loopback'],
    ['https://localhost', 'loopback'],
    ['https://sts.corp.example:8443', 'allow-list'],
    ['https://any-port.corp.example:9000', 'allow-list'],
  ])('to %s: %s', (url, because) => {
    expect(decide(url, undefined, ['sts.corp.example:8443', 'any-port.corp.example'])).toEqual({
      allowed: true,
      because,
    });
  });
});

describe('a code may not go', () => {
  it.each([
    ['https://evil.example', 'foreign-host'],
    ['https://sts.amazonaws.com.evil.example', 'foreign-host'],
    ['https://sts.amazonaws.comevil.example', 'foreign-host'],
    ['https://evilsts.amazonaws.com', 'foreign-host'],
    ['https://sts.amazonaws.com:8443', 'foreign-host'],
    ['https://bucket.s3.amazonaws.com', 'foreign-host'],
    ['https://sts.s3.amazonaws.com', 'foreign-host'],
    ['https://abc123.execute-api.us-east-1.amazonaws.com', 'foreign-host'],
    ['https://sts.execute-api.us-east-1.amazonaws.com', 'foreign-host'],
    ['https://ec2-3-3-3-3.compute-1.amazonaws.com', 'foreign-host'],
    ['https://vpce-0a1b.vpce-svc-1234.us-east-1.vpce.amazonaws.com', 'foreign-host'],
    ['https://x.vpce-0a1b.sts.us-east-1.vpce.amazonaws.com', 'foreign-host'],
    ['https://sts.corp.example', 'foreign-host'],
    ['https://127.0.0.1.evil.example', 'foreign-host'],
    ['https://localhost.evil.example', 'foreign-host'],
    ['https://[::ffff:10.0.0.1]', 'foreign-host'],
    ['https://sts.us-gov-west-1.amazonaws.com', 'other-partition'],
    ['https://sts.cn-north-1.amazonaws.com.cn', 'other-partition'],
    ['http://sts.amazonaws.com', 'plain-http'],
    ['http://sts.corp.example:8443', 'plain-http'],
    ['http://10.0.0.1', 'plain-http'],
    ['http://0.0.0.0', 'plain-http'],
  ])('to %s: %s', (url, because) => {
    expect(decide(url, undefined, ['sts.corp.example:8443'])).toEqual({ allowed: false, because });
  });

  it('is decided by host alone for a hardware device, whose serial names no partition', () => {
    expect(decide('https://sts.us-gov-west-1.amazonaws.com', 'GAHT12345678')).toEqual({
      allowed: true,
      because: 'aws',
    });
  });
});

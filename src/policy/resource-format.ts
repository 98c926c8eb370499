import type { Flaw } from './malformed.ts';

/** `aws`, `aws-us-gov` and what may come; a wildcard may stand for any part of it. */
const PARTITION = /^aws(?:-[a-z0-9-]+)?$/;

/** What IAM says that the names of its resources begin with. */
const IAM_RESOURCES = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** What nearly all of them look like: six parts or more, no wildcard for the service, nothing that needs a closer look. */
const WELL_FORMED =
  /^arn:aws(?:-[a-z0-9-]+)?:(?:(?!iam:|s3:)[a-z0-9-]+:[^:]*:[^:]*:|s3:::|iam::[^:]*:(?:user|role|group|policy|mfa)\/)/;

/** Too short for an ARN although it leaves parts empty, or without a service: IAM's older parser gives up. */
export function isBrokenArn(resource: string): boolean {
  if (WELL_FORMED.test(resource)) return false;
  const parts = resource.split(':');
  return parts.length > 2 && ((parts.length < 6 && resource.includes('::')) || parts[2] === '');
}

/** What IAM finds wrong with one value of Resource or NotResource, in its order. */
export function resourceFlaw(resource: string): Omit<Flaw, 'location'> | undefined {
  if (resource === '*' || WELL_FORMED.test(resource)) return undefined;
  const written = JSON.stringify(resource);
  const [, partition, service, region, account, ...rest] = resource.split(':');
  if (partition === undefined) {
    return {
      aws: `Resource ${resource} must be in ARN format or "*".`,
      problem: `${written} is neither an ARN nor "*"`,
    };
  }
  if (!hasWildcard(partition) && !PARTITION.test(partition)) {
    // IAM fills up what is missing, and shows it.
    const filled = [service ?? '*', region ?? '*', account ?? '*', rest.length > 0 ? rest.join(':') : '*'];
    const shown = [partition, ...filled].join(':');
    return {
      aws: `Partition "${partition}" is not valid for resource "arn:${shown}".`,
      problem: `${JSON.stringify(partition)} is no partition of AWS`,
    };
  }
  if (partition === '*' && service === undefined) return undefined;
  if (service === undefined || (hasWildcard(service) && region !== undefined)) {
    return {
      aws: 'Resource vendor must be fully qualified and cannot contain regexes.',
      problem: `${written} must name its service, without a wildcard`,
    };
  }
  return regionFlaw(resource, service, region, account) ?? pathFlaw(service, rest.join(':'));
}

/** IAM's and S3's ARNs have no region, but for S3's of an account (access points, jobs). */
function regionFlaw(
  resource: string,
  service: string,
  region: string | undefined,
  account: string | undefined,
): Omit<Flaw, 'location'> | undefined {
  if (region === undefined || region === '' || hasWildcard(region)) return undefined;
  const problem = `an ARN of ${service} has no region`;
  if (service === 'iam') return { aws: `IAM resource ${resource} cannot contain region information.`, problem };
  if (service !== 's3' || account !== '') return undefined;
  return { aws: `Resource ${resource} can not contain region information.`, problem };
}

/** Types that came after this list was written have a slash as well, so what has one is let through. */
function pathFlaw(service: string, path: string): Omit<Flaw, 'location'> | undefined {
  if (service !== 'iam' || path === '' || path.includes('/') || hasWildcard(path)) return undefined;
  return {
    aws: `IAM resource path must either be "*" or start with ${IAM_RESOURCES.join(', ')}.`,
    problem: `${JSON.stringify(path)} is no resource of IAM`,
  };
}

/** A policy variable may stand for anything, too. */
function hasWildcard(text: string): boolean {
  return /[*?]|\$\{/.test(text);
}

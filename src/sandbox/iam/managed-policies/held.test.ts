import { expect, test } from 'vitest';
import { parsePolicy } from '../../../policy/parse.ts';
import { policyArn } from '../../arns.ts';
import { awsManagedPolicies, awsManagedPolicy } from './held.ts';

test('holds what people attach most, under AWS’s ARNs', () => {
  expect(awsManagedPolicies.map(policyArn)).toEqual([
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'arn:aws:iam::aws:policy/AmazonS3FullAccess',
    'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    'arn:aws:iam::aws:policy/IAMFullAccess',
    'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
    'arn:aws:iam::aws:policy/PowerUserAccess',
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:aws:iam::aws:policy/SecurityAudit',
    'arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess',
    'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess',
  ]);
});

test.each(awsManagedPolicies)('$policyName is a policy that parses, with an id and dates', (policy) => {
  expect(policy.policyId).toMatch(/^ANPA[A-Z0-9]{17}$/);
  expect(policy.createdAtMs).toBeLessThanOrEqual(policy.updatedAtMs);
  const [version, ...more] = policy.versions;
  expect(more).toEqual([]);
  expect(version?.versionId).toBe(policy.defaultVersionId);
  expect(parsePolicy(version?.document ?? '', 'identity').version).toBe('2012-10-17');
});

test('holds no other', () => {
  expect(awsManagedPolicy('arn:aws:iam::aws:policy/AmazonEC2FullAccess')).toBeUndefined();
});

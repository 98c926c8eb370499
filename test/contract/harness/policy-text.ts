/** Policy documents as the text that AWS takes. */

export function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A trust policy that lets one principal in: an ARN or account, or a whole Principal element. */
export function trustText(principal: string | object, condition?: object): string {
  return policyText(trustStatement(principal, condition));
}

export function trustStatement(principal: string | object, condition?: object): object {
  const Principal = typeof principal === 'string' ? { AWS: principal } : principal;
  const statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

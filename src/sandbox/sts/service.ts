/** STS 2011-06-15 as a service of the sandbox. */
import type { QueryService } from '../operation.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getSessionToken } from './get-session-token.ts';
import type { Operation, StsPorts } from './ports.ts';

export function createStsService(ports: StsPorts): QueryService {
  const operations: Readonly<Record<string, Operation>> = {
    AssumeRole: assumeRole(ports),
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken(ports),
    GetSessionToken: getSessionToken(ports),
  };
  const entries = Object.entries(operations);
  return {
    name: 'sts',
    version: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    rows: Object.fromEntries(entries.map(([name, { row }]) => [name, row])),
    handlers: Object.fromEntries(entries.map(([name, { handler }]) => [name, handler])),
  };
}

/** STS 2011-06-15 as a service of the sandbox. */
import type { Authority } from '../../enforcement/authority.ts';
import type { ReplayMemory } from '../../enforcement/ports.ts';
import type { QueryService } from '../operation.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getSessionToken } from './get-session-token.ts';
import type { Operation } from './ports.ts';

export function createStsService(authority: Authority, replay: ReplayMemory): QueryService {
  const ports = { ...authority, replay };
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

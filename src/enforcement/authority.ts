import type { Clocks, Directory } from './ports.ts';
import type { SessionTokens } from './session-token.ts';

/**
 * Whether a role session entered from an MFA session carries `aws:MultiFactorAuthPresent: true`. The IAM User Guide
 * says it doesn't (`false`, the default); people who tried it report that it does (`inherited`).
 */
export type RoleSessionMfa = 'false' | 'inherited';

/** The one who says who calls and whether they may. */
export interface Authority {
  readonly directory: Directory;
  readonly clocks: Clocks;
  readonly sessionTokens: SessionTokens;
  readonly roleSessionMfa: RoleSessionMfa;
}

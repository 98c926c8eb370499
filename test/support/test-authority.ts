/** Enforcement in memory: clocks that stand still until a test moves them, and a directory that a test fills. */
import { randomBytes } from 'node:crypto';
import type { Authority, RoleSessionMfa } from '../../src/enforcement/authority.ts';
import type {
  Directory,
  KeyOwner,
  LongTermKey,
  ReplayMemory,
  RoleIdentity,
  Tag,
  TotpDevice,
} from '../../src/enforcement/ports.ts';
import { createSessionTokens } from '../../src/enforcement/session-token.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { type PreparedPolicy, preparePolicy } from '../../src/policy/prepare.ts';
import type { PolicySet } from '../../src/policy/request.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

export const ALICE: Extract<KeyOwner, { type: 'user' }> = {
  type: 'user',
  accountId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/team/alice`,
  userId: 'AIDAALICEALICEALICE22',
  userName: 'alice',
};

export const ROOT: Extract<KeyOwner, { type: 'root' }> = {
  type: 'root',
  accountId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  userId: ACCOUNT,
};

export const DEPLOY: RoleIdentity = {
  accountId: ACCOUNT,
  roleId: 'AROADEPLOYDEPLOYDEP22',
  roleName: 'deploy',
  arn: `arn:aws:iam::${ACCOUNT}:role/ops/deploy`,
};

export const ALICE_KEY: LongTermKey = {
  accessKeyId: 'AKIAALICEALICEALICE2',
  secretAccessKey: 'alice/secret+alice/secret+alice/secret+0',
  active: true,
  owner: ALICE,
};

const ROOT_KEY: LongTermKey = {
  accessKeyId: 'AKIAROOTROOTROOTROO2',
  secretAccessKey: 'root/secret+root/secret+root/secret+root',
  active: true,
  owner: ROOT,
};

type Attached = Pick<PolicySet, 'identity' | 'permissionsBoundary'>;

export interface TestAuthority extends Authority {
  readonly time: { machineMs: number; authorityMs: number };
  readonly keys: Map<string, LongTermKey>;
  /** By their ids. */
  readonly owners: Map<string, KeyOwner>;
  readonly roles: Map<string, RoleIdentity>;
  /** By serial, with the id of the owner. */
  readonly devices: Map<string, TotpDevice & { readonly ownerId: string }>;
  /** By the id of the user or role. */
  readonly attached: Map<string, Attached>;
  readonly managed: Map<string, PreparedPolicy>;
  readonly tags: Map<string, readonly Tag[]>;
  readonly uses: (readonly [accessKeyId: string, service: string, region: string])[];
  readonly replay: ReplayMemory;
}

export function testAuthority(roleSessionMfa: RoleSessionMfa = 'false'): TestAuthority {
  const time = { machineMs: NOW_MS, authorityMs: NOW_MS };
  const keys = new Map([ALICE_KEY, ROOT_KEY].map((key) => [key.accessKeyId, key]));
  const owners = new Map<string, KeyOwner>([ALICE, ROOT].map((owner) => [owner.userId, owner]));
  const roles = new Map([[DEPLOY.roleId, DEPLOY]]);
  const devices: TestAuthority['devices'] = new Map();
  const attached: TestAuthority['attached'] = new Map();
  const managed: TestAuthority['managed'] = new Map();
  const tags: TestAuthority['tags'] = new Map();
  const uses: TestAuthority['uses'] = [];
  const lastSteps = new Map<string, number>();
  const ofAccount = <T extends { readonly accountId: string }>(entity: T | undefined, accountId: string) =>
    entity?.accountId === accountId ? entity : undefined;
  const directory: Directory = {
    findKey: (id) => keys.get(id),
    findOwner: (accountId, userId) => ofAccount(owners.get(userId), accountId),
    findRole: (accountId, roleId) => ofAccount(roles.get(roleId), accountId),
    totpDevice: (owner, serial) => {
      const device = devices.get(serial);
      return device?.ownerId === owner.userId ? device : undefined;
    },
    userPolicies: (_accountId, userId) => attached.get(userId) ?? { identity: [] },
    rolePolicies: (_accountId, roleId) => attached.get(roleId) ?? { identity: [] },
    managedPolicy: (_accountId, arn) => managed.get(arn),
    userTags: (_accountId, userId) => tags.get(userId) ?? [],
    roleTags: (_accountId, roleId) => tags.get(roleId) ?? [],
    keyUsed: (...use) => void uses.push(use),
  };
  return {
    time,
    keys,
    owners,
    roles,
    devices,
    attached,
    managed,
    tags,
    uses,
    directory,
    clocks: { machine: () => time.machineMs, authority: () => time.authorityMs },
    sessionTokens: createSessionTokens(randomBytes(32), { bytes: randomBytes }),
    roleSessionMfa,
    replay: {
      claim(serial, step) {
        if (step <= (lastSteps.get(serial) ?? -1)) return false;
        lastSteps.set(serial, step);
        return true;
      },
    },
  };
}

export function policy(kind: 'identity' | 'resource' | 'trust' | 'boundary' | 'session', ...statements: object[]) {
  return preparePolicy(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind));
}

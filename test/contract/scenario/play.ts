import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameters } from '../../../src/sandbox/iam/parameters.ts';
import { operations as s3Operations } from '../../../src/sandbox/s3/operations.ts';
import type { ServiceName } from '../harness/aws-client.ts';
import type { ClientKind } from '../harness/clients.ts';
import { accountWide } from './account.ts';
import { denials } from './denials.ts';
import { devices } from './devices.ts';
import { objects } from './objects.ts';
import { managedPolicies, roles } from './roles.ts';
import { sessions } from './sessions.ts';
import { openStage, type Stage, type Step } from './stage.ts';
import { users } from './users.ts';

type Scenarios = Readonly<Record<string, readonly Step[]>>;

const scenarios: Readonly<Record<ServiceName, Scenarios>> = {
  iam: {
    'users, keys and groups': users,
    roles,
    'managed policies': managedPolicies,
    'MFA devices': devices,
    'the account as a whole': accountWide,
  },
  sts: { 'STS and the gate': sessions, denials },
  s3: { S3: objects },
};

const actions: Readonly<Record<ServiceName, readonly string[]>> = {
  iam: Object.keys(parameters),
  sts: ['AssumeRole', 'GetCallerIdentity', 'GetFederationToken', 'GetSessionToken'],
  s3: Object.keys(s3Operations),
};

/** Not yet in Debian 12's clients. */
const newerThanDebian = new Set(['iam:GetMFADevice']);

/** Has each client do all that the sandbox's services can do, and sees to it that no action was left out. */
export function play(clients: readonly ClientKind[], services: readonly ServiceName[]): void {
  describe.each(clients)('$name', (kind) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(kind);
    });
    afterAll(() => stage.close());

    describe.each(services.flatMap((service) => Object.entries(scenarios[service])))('%s', (_title, steps) => {
      test.each(steps)('$does', ({ run }) => run(stage));
    });

    test('has called every action there is', () => {
      const every = services.flatMap((service) => actions[service].map((action) => `${service}:${action}`));
      expect(every.filter((action) => !stage.called.has(action) && !stage.unknown.has(action))).toEqual([]);
      expect([...stage.unknown].filter((action) => !newerThanDebian.has(action))).toEqual([]);
    });
  });
}

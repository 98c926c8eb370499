import { describe, expect, it } from 'vitest';
import { DEMO_BUCKETS } from './account.ts';
import type { DemoClient, DemoOutcome } from './client.ts';
import { type DemoStage, playDemo } from './story.ts';

const denied = (operation: string, awsCode = 'AccessDenied'): DemoOutcome => ({
  type: 'refused',
  operation,
  awsCode,
  message: 'no',
});
const LISTED: DemoOutcome = { type: 'allowed', lines: DEMO_BUCKETS };

/** A world that answers as it should, but for what is changed. */
function stage(change: Partial<Record<'lists' | 'assumes' | 'opens' | 'aged', DemoOutcome>>): DemoStage {
  const role = [change.opens ?? LISTED, change.aged ?? denied('AssumeRole')];
  const client: DemoClient = {
    name: 'the test',
    listBuckets: async (profile) => ({
      tried: 'ls',
      outcome: profile === 'key' ? (change.lists ?? denied('ListBuckets')) : (role.shift() ?? LISTED),
    }),
    assumeRole: async () => ({ tried: 'assume', outcome: change.assumes ?? denied('AssumeRole') }),
  };
  return {
    home: '/nonexistent',
    client,
    roleArn: 'arn',
    profiles: { key: 'key', role: 'role' },
    advanceSeconds: () => undefined,
    login: async () => 'a session',
    loginCommand: 'stepup login key',
  };
}

async function heldSteps(change: Parameters<typeof stage>[0]): Promise<readonly string[]> {
  const steps = await playDemo(stage(change), () => undefined);
  return steps.filter(({ held }) => held).map(({ name }) => name);
}

const ALL = ['key-alone-lists', 'key-alone-assumes', 'login', 'session-opens', 'aged-session'];

describe('the demo', () => {
  it('holds when every answer is as it must be', async () => {
    expect(await heldSteps({})).toEqual(ALL);
  });

  it.each<[string, Parameters<typeof stage>[0]]>([
    ['key-alone-lists', { lists: LISTED }],
    ['key-alone-lists', { lists: { type: 'failed', problem: 'no connection' } }],
    ['key-alone-lists', { lists: denied('ListBuckets', 'SignatureDoesNotMatch') }],
    ['key-alone-assumes', { assumes: { type: 'allowed', lines: ['credentials'] } }],
    ['key-alone-assumes', { assumes: denied('GetCallerIdentity') }],
    ['session-opens', { opens: denied('AssumeRole') }],
    ['session-opens', { opens: { type: 'allowed', lines: [] } }],
    ['aged-session', { aged: LISTED }],
    // Only a refusal of AssumeRole shows that the door is closed: this one came after it had let us in.
    ['aged-session', { aged: denied('ListBuckets') }],
    ['aged-session', { aged: denied('AssumeRole', 'ExpiredToken') }],
  ])('does not hold (%s) after %j', async (missing, change) => {
    expect(await heldSteps(change)).toEqual(ALL.filter((name) => name !== missing));
  });
});

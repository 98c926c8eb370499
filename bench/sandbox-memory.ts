/**
 * The sandbox's resident memory after a forced collection, at 100,000 requests beside 10,000: what requests and issued
 * sessions leave behind. A fifth of the requests are AssumeRole, so 20,000 sessions are issued in all.
 */
import type { ChildProcess } from 'node:child_process';
import type { Target } from './load/message.ts';
import { assumeRoleForm, benchProcesses, identityForm, load, nextMessage, startedSandbox } from './load/processes.ts';
import type { Row } from './measure/row.ts';

const early = { requests: 10_000, sessions: 2_000 };
const late = { requests: 100_000, sessions: 20_000 };
const limitMb = 10;
const sliceMs = 100;

export async function bench(): Promise<readonly Row[]> {
  const processes = benchProcesses();
  try {
    const generator = await processes.start('generator');
    const { child, port, keys, roleArn } = await startedSandbox(processes);
    const identity: Target = { port, keys, form: identityForm, expected: 'GetCallerIdentityResponse' };
    const assumeRole: Target = { port, keys, form: assumeRoleForm(roleArn), expected: 'AssumeRoleResponse' };
    const done = { requests: 0, sessions: 0 };
    const reach = async (goal: typeof early) => {
      while (done.sessions < goal.sessions) {
        const { answered } = await load(generator, assumeRole, sliceMs);
        done.sessions += answered;
        done.requests += answered;
      }
      while (done.requests < goal.requests) done.requests += (await load(generator, identity, sliceMs)).answered;
      return residentMb(child);
    };
    const before = await reach(early);
    const after = await reach(late);
    const growth = after - before;
    return [
      {
        what: 'memory kept by 90,000 requests, 18,000 sessions',
        unit: 'MB',
        better: 'lower',
        // A process that shrank kept nothing.
        ours: Math.max(growth, 0.01),
        other: { name: 'the limit', value: limitMb },
        aim: 1,
        note: `${before.toFixed(1)} MB at ${early.requests}, ${after.toFixed(1)} MB at ${done.requests} requests, ${done.sessions} sessions`,
      },
    ];
  } finally {
    processes.end();
  }
}

async function residentMb(child: ChildProcess): Promise<number> {
  const answer = nextMessage<{ readonly residentBytes: number }>(child);
  child.send('memory');
  return (await answer).residentBytes / 2 ** 20;
}

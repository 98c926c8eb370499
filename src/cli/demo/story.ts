/** The demo's plot: what is tried, in which order, and what the answer must be. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration } from '../../terminal/time.ts';
import { DEMO_BUCKETS, DEMO_MAX_AGE_SECONDS } from './account.ts';
import type { DemoAnswer, DemoClient, DemoOutcome } from './client.ts';

export interface DemoStep {
  readonly name: 'key-alone-lists' | 'key-alone-assumes' | 'login' | 'session-opens' | 'aged-session';
  /** What the step shows, for a person. */
  readonly shows: string;
  readonly tried: string;
  readonly mustBe: 'refused' | 'allowed';
  readonly answer: string;
  readonly held: boolean;
}

export interface DemoStage {
  readonly home: string;
  readonly client: DemoClient;
  readonly roleArn: string;
  readonly profiles: { readonly key: string; readonly role: string };
  readonly advanceSeconds: (seconds: number) => void;
  /** `stepup login` with the device's code of this moment; answers what it has to say. Throws what login throws. */
  readonly login: () => Promise<string>;
  /** The command that the login stands for. */
  readonly loginCommand: string;
}

/** Enough for the device to show another code than those that enabled it: each is good for one use. */
const NEXT_CODE_SECONDS = 60;

/** Plays it, telling each step as it ends. Answers all steps; throws what the login throws. */
export async function playDemo(stage: DemoStage, tell: (step: DemoStep) => void): Promise<readonly DemoStep[]> {
  const { client, profiles, roleArn } = stage;
  const steps: DemoStep[] = [];
  const end = (step: DemoStep): void => {
    steps.push(step);
    tell(step);
  };

  const [lists, assumes] = await Promise.all([
    client.listBuckets(profiles.key),
    client.assumeRole(profiles.key, roleArn),
  ]);
  end(refused('key-alone-lists', 'The key alone can list no buckets', lists, 'ListBuckets'));
  end(refused('key-alone-assumes', "The key alone can't assume the role", assumes, 'AssumeRole'));

  stage.advanceSeconds(NEXT_CODE_SECONDS);
  const answer = await stage.login();
  end({
    name: 'login',
    shows: 'One code makes an MFA session',
    tried: stage.loginCommand,
    mustBe: 'allowed',
    answer,
    held: true,
  });

  const opens = await client.listBuckets(profiles.role);
  end({
    name: 'session-opens',
    shows: 'With the session, the role opens and lists the buckets',
    tried: opens.tried,
    mustBe: 'allowed',
    answer: answerText(opens.outcome),
    held: opens.outcome.type === 'allowed' && sameNames(opens.outcome.lines, DEMO_BUCKETS),
  });

  stage.advanceSeconds(DEMO_MAX_AGE_SECONDS);
  // A role session that is open lives on, and the AWS CLI keeps it: without this it would not ask AWS at all.
  rmSync(join(stage.home, '.aws', 'cli', 'cache'), { recursive: true, force: true });
  const aged = await client.listBuckets(profiles.role);
  const later = `${formatDuration(DEMO_MAX_AGE_SECONDS)} later by the sandbox's clock, the role is closed again`;
  end(refused('aged-session', later, aged, 'AssumeRole'));
  return steps;
}

/** Only AWS's own AccessDenied to this operation counts: a lost connection refuses too, and proves nothing. */
function refused(name: DemoStep['name'], shows: string, { tried, outcome }: DemoAnswer, operation: string): DemoStep {
  return {
    name,
    shows,
    tried,
    mustBe: 'refused',
    answer: answerText(outcome),
    held: outcome.type === 'refused' && outcome.awsCode === 'AccessDenied' && outcome.operation === operation,
  };
}

function answerText(outcome: DemoOutcome): string {
  switch (outcome.type) {
    case 'allowed':
      return outcome.lines.join(', ');
    case 'refused':
      return `${outcome.awsCode} (${outcome.operation}): ${outcome.message}`;
    case 'failed':
      return `no answer of AWS's: ${outcome.problem}`;
  }
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

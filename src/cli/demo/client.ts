/** What a person at the demo would use: the `aws` program, or the SDK where there is none. */

export interface DemoClient {
  /** `aws-cli/2.9.19`, `the AWS SDK for JavaScript`. */
  readonly name: string;
  readonly listBuckets: (profile: string) => Promise<DemoAnswer>;
  readonly assumeRole: (profile: string, roleArn: string) => Promise<DemoAnswer>;
}

export interface DemoAnswer {
  /** The command as a person would type it. */
  readonly tried: string;
  readonly outcome: DemoOutcome;
}

export type DemoOutcome =
  | { readonly type: 'allowed'; readonly lines: readonly string[] }
  /** AWS said no, to this operation. */
  | { readonly type: 'refused'; readonly operation: string; readonly awsCode: string; readonly message: string }
  /** No answer of AWS's at all: proves nothing. */
  | { readonly type: 'failed'; readonly problem: string };

/** The session name of the demo's own AssumeRole, allowed or not. */
export const DEMO_SESSION_NAME = 'demo';

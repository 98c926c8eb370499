/** The environment that a program under test gets: a home of its own, and nothing of this machine's AWS settings. */

/** What a program needs to run at all; `STEPUP_TEST_RUN` lets the test run find what was left behind. */
const KEPT = ['PATH', 'LANG', 'TMPDIR', 'STEPUP_TEST_RUN'] as const;

export type Environment = Readonly<Record<string, string>>;

export function cleanEnvironment(home: string, more: Environment = {}): Environment {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    HOME: home,
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
    ...more,
  };
}

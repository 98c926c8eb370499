/** Exit codes: a contract with scripts (ARCHITECTURE.md, "Exit codes"). */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Findings at or above `--fail-on`. */
  findings: 3,
  /** Somebody must be asked, and there is no terminal to ask on. */
  needsPerson: 4,
  awsRefused: 5,
  /** Ctrl-C at a prompt, as a shell counts it: 128 and SIGINT's 2. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

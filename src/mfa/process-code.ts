/** Codes from a program that the person configured: aws-vault's `mfa_process`. */
import { StepupError } from '../errors.ts';
import { runProgram } from '../process/run.ts';
import { requireCode } from './code.ts';
import type { CodeSource } from './source.ts';

export interface CodeProgram {
  readonly path: string;
  readonly args: readonly string[];
}

export interface ProcessCodePorts {
  /** The program, once it is known that it may run; throws if it may not. */
  readonly program: () => Promise<CodeProgram>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A terminal for a program that talks to the person (`touch your key`), and what closes it. */
  readonly terminal: () => { readonly fd: number; readonly close: () => void } | undefined;
}

/** A person may have to find the key and touch it. */
const timeoutMs = 120_000;

/** A source that is asked once: what a program gives twice within one step, AWS refuses twice. */
export function processCode(ports: ProcessCodePorts): CodeSource {
  return {
    name: 'mfa_process',
    tellsPerson: false,
    tries: 1,
    code: async (_request, signal) => {
      const { path, args } = await ports.program();
      const terminal = ports.terminal();
      try {
        const outcome = await runProgram({
          path,
          args,
          env: withoutCredentials(ports.env),
          timeoutMs,
          ...(terminal !== undefined && { terminalFd: terminal.fd }),
          ...(signal !== undefined && { signal }),
        });
        if (outcome.type === 'exited' && outcome.code === 0)
          return requireCode(outcome.stdout, `mfa_process (${path})`);
        throw new StepupError('code-program-failed', { program: path, detail: detailOf(outcome) });
      } finally {
        terminal?.close();
      }
    },
  };
}

function detailOf(outcome: Awaited<ReturnType<typeof runProgram>>): string {
  switch (outcome.type) {
    case 'exited':
      return `it ended with exit code ${outcome.code}`;
    case 'killed':
      return `it was ended by ${outcome.signal}`;
    case 'timed-out':
      return `it gave no code in ${timeoutMs / 1000} s`;
    case 'not-started':
      return `it could not be started (${outcome.detail})`;
  }
}

/** The program makes codes; it has no business with keys. */
function withoutCredentials(env: ProcessCodePorts['env']): Record<string, string> {
  const secret = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CONTAINER_AUTHORIZATION_TOKEN)$/;
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || secret.test(name) ? [] : [[name, value]])),
  );
}

/** Codes from a program that the person configured: aws-vault's `mfa_process`. */
import { requireCode } from './code.ts';
import { type ProgramPorts, runForCode } from './run-for-code.ts';
import type { CodeSource } from './source.ts';

/** A source that is asked once: what a program gives twice within one step, AWS refuses twice. */
export function processCodes(ports: ProgramPorts): CodeSource {
  return {
    name: 'mfa_process',
    tellsPerson: false,
    madeHere: true,
    endsByItself: true,
    tries: 1,
    code: async (_request, signal) => {
      const { path, stdout } = await runForCode(ports, [], signal);
      return requireCode(stdout, `mfa_process (${path})`);
    },
  };
}

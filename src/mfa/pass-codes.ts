/** Codes from `pass otp`, the one-time passwords of password-store. Its man page: pass-otp(1). */
import { StepupError } from '../errors.ts';
import { requireCode } from './code.ts';
import { retryPause } from './retry-pause.ts';
import { type ProgramPorts, runForCode } from './run-for-code.ts';
import type { CodeSource } from './source.ts';

export function passCodes(ports: ProgramPorts): CodeSource {
  return {
    name: 'pass otp',
    tellsPerson: false,
    madeHere: true,
    endsByItself: true,
    ...retryPause(ports, async (_request, signal) => {
      if (ports.entry === undefined) throw new StepupError('code-entry-unclear', { source: 'pass', entries: [] });
      const { stdout } = await runForCode(ports, ['otp', '--', ports.entry], signal);
      return requireCode(stdout, `pass otp ${ports.entry}`);
    }),
  };
}

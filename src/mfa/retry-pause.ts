/** For a source that gives the same code all through a step: after a refusal it is asked again in the next one. */
import type { ProgramPorts } from './run-for-code.ts';
import type { CodeSource } from './source.ts';

export function retryPause(
  { untilNextCode }: Pick<ProgramPorts, 'untilNextCode'>,
  code: CodeSource['code'],
): Pick<CodeSource, 'tries' | 'code'> {
  if (untilNextCode === undefined) return { tries: 1, code };
  return {
    tries: 2,
    code: async (request, signal) => {
      if (request.attempt > 1) await untilNextCode(signal);
      return code(request, signal);
    },
  };
}

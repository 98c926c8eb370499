/** The code source for a profile: the one that was named, else the one that fits the place. */
import { closeSync, openSync } from 'node:fs';
import { StepupError } from '../../errors.ts';
import type { CodeProgram } from '../../mfa/run-for-code.ts';
import type { CodeSource } from '../../mfa/source.ts';
import { type ProgramSourceName, programSource } from '../../mfa/sources.ts';
import { findSystemProgram, systemEnvironment, systemFolders } from '../../process/system-program.ts';
import { awsFilePaths, readAwsFiles } from '../../profiles/aws-files.ts';
import { approvedProgram } from '../approved-program.ts';
import type { Io } from '../io.ts';
import type { LazyTerminal } from '../lazy-terminal.ts';
import { dialogWords } from './facts.ts';
import { programName } from './place.ts';
import { untilNextCode } from './prompt.ts';
import { type CodeSettings, chosenSource, codeSettings, factorsVerdict } from './settings.ts';

export interface CodeSourceWish {
  readonly profile: string;
  /** `--same-store`: the person knows that key and code come from one place. */
  readonly sameStore?: boolean;
  /** What to run where a person can be asked. */
  readonly command: readonly string[];
}

/**
 * The source. Throws `no-terminal` where nobody can be asked, `factors-together`, `usage` for a name that is none, and
 * what resolving throws; what is wrong with a source's program is thrown when a code is asked of it.
 */
export function codeSource(io: Io, wish: CodeSourceWish, terminal: LazyTerminal): CodeSource {
  const settings = codeSettings(io, readAwsFiles(awsFilePaths(io.env, io.homeDirectory)), wish.profile);
  const choice = chosenSource(io, settings, () => terminal.open() !== undefined);
  if (choice.source === undefined) {
    throw new StepupError('no-terminal', { question: 'a code', command: wish.command, because: choice.because });
  }
  const verdict = factorsVerdict(settings, choice.source);
  if (verdict.type === 'same-store' && wish.sameStore !== true) {
    throw new StepupError('factors-together', {
      profile: settings.base.name,
      place: verdict.place,
      source: choice.source,
    });
  }
  if (choice.source !== 'terminal')
    return programSource(choice.source, sourcePorts(io, settings, choice.source, terminal));
  const prompt = terminal.codes();
  if (prompt === undefined) throw new StepupError('no-terminal', { question: 'a code', command: wish.command });
  return prompt;
}

function sourcePorts(io: Io, settings: CodeSettings, source: ProgramSourceName, terminal: LazyTerminal) {
  return {
    program: () => programOf(io, settings, source),
    terminal: terminalFd,
    entry: settings.entry,
    words: dialogWords,
    ...(source !== 'mfa_process' && terminal.open() !== undefined && { untilNextCode: waitAt(io, terminal) }),
  };
}

function waitAt(io: Io, terminal: LazyTerminal) {
  return async (signal: AbortSignal | undefined): Promise<void> => {
    const screen = terminal.open();
    if (screen !== undefined) await untilNextCode(screen, io.now, signal);
  };
}

/** The program of a source: `mfa_process` and `stepup_code_program` as the file names them, others of the system. */
export async function programOf(io: Io, settings: CodeSettings, source: ProgramSourceName): Promise<CodeProgram> {
  if (source === 'mfa_process') {
    if (settings.mfaProcess === undefined) {
      throw new StepupError('usage', {
        problem: 'The code source mfa_process needs the key mfa_process in the profile',
      });
    }
    return { ...(await approvedProgram(io, 'mfa_process', settings.mfaProcess)), env: withoutCredentials(io.env) };
  }
  const env = systemEnvironment(io.env, io.platform);
  if (settings.program !== undefined) {
    return { ...(await approvedProgram(io, 'stepup_code_program', settings.program)), env };
  }
  const path = findSystemProgram(programName(source), io.platform);
  if (path !== undefined) return { path, args: [], env };
  throw new StepupError('code-source-missing', {
    source,
    program: programName(source),
    folders: systemFolders(io.platform),
  });
}

/** The program makes codes; it has no business with keys. */
function withoutCredentials(env: Io['env']): Record<string, string> {
  const secret = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CONTAINER_AUTHORIZATION_TOKEN)$/;
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || secret.test(name) ? [] : [[name, value]])),
  );
}

function terminalFd(): { readonly fd: number; readonly close: () => void } | undefined {
  try {
    const fd = openSync('/dev/tty', 'r+');
    return { fd, close: () => closeSync(fd) };
  } catch {
    return undefined;
  }
}

/** An MFA session to try one's own way in with: one code, kept nowhere. */
import type { Credentials } from '../../aws/credentials.ts';
import { passingSession } from '../../sessions/passing-session.ts';
import { askingProcess } from '../asking-process.ts';
import { codeFromOption } from '../codes/given-code.ts';
import { codeSource } from '../codes/source.ts';
import type { Io } from '../io.ts';
import { lazyTerminal } from '../lazy-terminal.ts';
import { type LoginPeople, loginPorts } from '../login/login.ts';

/** The least that AWS gives (STS API Reference, GetSessionToken); tries take seconds. */
export const SHORT_SECONDS = 900;

export interface OwnSessionWish {
  /** As `--code` has it; a person is asked without it. */
  readonly code: string | undefined;
  readonly durationSeconds: number;
  /** What was run. */
  readonly command: readonly string[];
}

/** `base` is the profile with the key. Throws what asking for a code and GetSessionToken throw. */
export async function sessionOfOwnUser(io: Io, base: string, wish: OwnSessionWish): Promise<Credentials> {
  const { code, durationSeconds, command } = wish;
  const terminal = lazyTerminal(io);
  try {
    const given = codeFromOption(code, io);
    const people: LoginPeople = {
      codes: () => given ?? codeSource(io, { profile: base, command }, terminal),
      person: () => (given === undefined ? terminal.open() : undefined),
    };
    return await passingSession(base, durationSeconds, {
      ...loginPorts(io, base, {}, people),
      askedBy: askingProcess(command.slice(0, 3).join(' '), io.platform),
      command,
    });
  } finally {
    terminal.close();
  }
}

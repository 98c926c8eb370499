/** What the broker does when what is kept isn't enough: it asks a person, and it asks AWS. */

import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import { assumeRole } from '../aws/sts.ts';
import { livelySource } from '../mfa/lively-source.ts';
import type { CodeSource } from '../mfa/source.ts';
import type { AssumeRequest, BrokerLogin } from '../sessions/broker-ports.ts';
import { enterWithCode, roleRequest } from '../sessions/enter-with-code.ts';
import { codeSource } from './codes/source.ts';
import type { Io } from './io.ts';
import { lazyTerminal } from './lazy-terminal.ts';
import { type LoginOccasion, type LoginPeople, logIn, loginPorts } from './login/login.ts';
import { trustedEndpoint } from './trusted-endpoint.ts';

const reasons: Readonly<Partial<Record<BrokerLogin['reason'], string>>> = {
  aged: 'The session is too old for the gate of the role, so a new code is needed.',
  refused: 'AWS refused the session at a role that it opened before, perhaps for its age: a new code will tell.',
  'other-key': 'The session that is kept is of another key.',
  'other-endpoint': 'The session that is kept is of another endpoint.',
};

/** A login in our turn to prompt. */
export async function loginInTurn(io: Io, request: BrokerLogin): Promise<void> {
  const reason = reasons[request.reason];
  if (reason !== undefined) io.stderr.write(`stepup: ${reason}\n`);
  await inTurn(io, request, (people, occasion) => logIn(io, request.base.profile, {}, people, occasion));
}

/** AssumeRole with a code on it, in our turn to prompt. */
export function enterRoleInTurn(io: Io, request: AssumeRequest & BrokerLogin): Promise<SessionCredentials> {
  const base = request.base.profile;
  return inTurn(io, request, (people, occasion) =>
    enterWithCode(request, base, loginPorts(io, base, {}, people, occasion)),
  );
}

/** AssumeRole, by the role profile's own endpoint and region: to no host that a code mightn't go to either. */
export async function enterRole(io: Io, request: AssumeRequest, from: Credentials): Promise<SessionCredentials> {
  const endpoint = trustedEndpoint(io, request.profile, 'sts', 'session');
  const { sessionName, durationSeconds } = request;
  return assumeRole(
    { ...roleRequest(request.step), sessionName, durationSeconds },
    { endpoint, credentials: from, now: io.now, signal: io.interrupted },
  );
}

async function inTurn<T>(
  io: Io,
  { base, roleArn, command, turn }: BrokerLogin,
  work: (people: LoginPeople, occasion: LoginOccasion) => Promise<T>,
): Promise<T> {
  const terminal = lazyTerminal(io);
  try {
    return await work(
      { codes: () => watched(codeSource(io, { profile: base.profile, command }, terminal)), person: terminal.open },
      {
        askedBy: `stepup ${io.argv[0] ?? ''}`,
        command,
        signal: turn.signal,
        beforeSend: turn.confirm,
        ...(roleArn !== undefined && { roleArn }),
      },
    );
  } finally {
    terminal.close();
  }

  /** A key pressed in the prompt is a sign of the person, and so is a dialog that is open. */
  function watched(source: CodeSource): CodeSource {
    terminal.opened()?.input.on('keypress', turn.touch);
    return source.endsByItself === true ? livelySource(source, turn.touch) : source;
  }
}

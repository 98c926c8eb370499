/** `POST /_stepup/clock`, signed as it should be. */
import type { ClientCredentials } from './aws-client.ts';
import { send } from './raw-request.ts';
import { signByHeader } from './sigv4.ts';
import type { TestClock } from './test-sandbox.ts';

export interface ClockState {
  readonly machine: string;
  readonly authority: string;
  readonly aheadSeconds: number;
}

export async function postClock(port: number, root: ClientCredentials, move: object): Promise<ClockState> {
  const draft = {
    method: 'POST',
    path: '/_stepup/clock',
    query: '',
    headers: [
      ['host', `127.0.0.1:${port}`],
      ['content-type', 'application/json'],
    ] as const,
    body: Buffer.from(JSON.stringify(move)),
  };
  const signing = { credentials: root, service: 'stepup', region: 'us-east-1', dateMs: Date.now() };
  const { status, body } = await send(port, signByHeader(draft, signing));
  if (status !== 200) throw new Error(body);
  return JSON.parse(body) as ClockState;
}

/** The clock of a sandbox in another process. */
export function remoteClock(port: number, root: ClientCredentials): TestClock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    async advance(ms) {
      const { aheadSeconds } = await postClock(port, root, { advanceSeconds: ms / 1000 });
      aheadMs = aheadSeconds * 1000;
    },
  };
}

import { afterEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { type ContainerEndpoint, type ServedProfile, serveContainerCredentials } from './container-endpoint.ts';

const session: Credentials = {
  accessKeyId: 'ASIAEXAMPLE000000000',
  secretAccessKey: 'not/a/real/secret',
  sessionToken: 'token',
  expiresAtMs: Date.UTC(2026, 0, 31, 9),
};

let endpoint: ContainerEndpoint | undefined;
let nowMs = 0;
afterEach(async () => {
  await endpoint?.close();
});

async function serve(...profiles: ServedProfile[]): Promise<ContainerEndpoint> {
  endpoint = await serveContainerCredentials({
    port: 0,
    profiles,
    patienceMs: 100,
    now: () => nowMs,
    describe: (error) => ({ code: error instanceof StepupError ? error.code : 'other', message: 'said' }),
  });
  return endpoint;
}

const get = (url: string, token: string) => fetch(url, { headers: { authorization: token } });

describe('the container endpoint', () => {
  it('answers as the SDKs read it, with the token of the profile', async () => {
    const server = await serve({
      name: 'my role/é',
      token: 'T1',
      roleArn: 'arn:aws:iam::1:role/r',
      credentials: async () => session,
    });
    const response = await get(server.urlOf('my role/é'), 'T1');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      Token: 'token',
      Expiration: '2026-01-31T09:00:00Z',
      RoleArn: 'arn:aws:iam::1:role/r',
    });
  });

  it("refuses another profile's token, no token, and an unknown path alike", async () => {
    const server = await serve(
      { name: 'a', token: 'TA', credentials: async () => session },
      { name: 'b', token: 'TB', credentials: async () => session },
    );
    const answers = await Promise.all([
      get(server.urlOf('a'), 'TB'),
      fetch(server.urlOf('a')),
      get(server.urlOf('nobody'), 'TA'),
      get(`${server.urlOf('a')}?x`, 'TA'),
    ]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(bodies).size).toBe(1);
  });

  it('refuses what a web page can send, and everything but GET', async () => {
    const server = await serve({ name: 'a', token: 'TA', credentials: async () => session });
    const headers = { authorization: 'TA' };
    const fromPage = await fetch(server.urlOf('a'), { headers: { ...headers, origin: 'https://evil.example' } });
    const posted = await fetch(server.urlOf('a'), { headers, method: 'POST' });
    expect([fromPage.status, posted.status]).toEqual([403, 405]);
  });

  it('asks once: requests together share one answer, and later ones may not ask until a session is good again', async () => {
    const asked: boolean[] = [];
    let good = false;
    const server = await serve({
      name: 'a',
      token: 'TA',
      credentials: async ({ mayAsk }) => {
        asked.push(mayAsk);
        if (good) return session;
        throw new StepupError('credentials-pending', {});
      },
    });
    const together = await Promise.all([1, 2, 3].map(() => get(server.urlOf('a'), 'TA')));
    expect(together.map(({ status }) => status)).toEqual([400, 400, 400]);
    const before = asked.length;
    expect(asked[0]).toBe(true);
    await get(server.urlOf('a'), 'TA');
    expect(asked.slice(1).every((mayAsk) => !mayAsk)).toBe(true);
    expect(asked.length).toBe(before + 1);
    good = true;
    expect((await get(server.urlOf('a'), 'TA')).status).toBe(200);
    good = false;
    nowMs += 100;
    await get(server.urlOf('a'), 'TA');
    expect(asked.at(-1)).toBe(true);
  });

  it('lets an answer stand for a tenth of a second, and none that a clock set back makes young', async () => {
    let calls = 0;
    const credentials = async () => {
      calls += 1;
      return { ...session, accessKeyId: `ASIA${calls}` };
    };
    const server = await serve({ name: 'a', token: 'TA', credentials });
    const keyId = async () =>
      ((await (await get(server.urlOf('a'), 'TA')).json()) as { AccessKeyId: string }).AccessKeyId;
    expect(await keyId()).toBe('ASIA1');
    nowMs += 99;
    expect(await keyId()).toBe('ASIA1');
    nowMs += 1;
    expect(await keyId()).toBe('ASIA2');
    nowMs -= 1;
    expect(await keyId()).toBe('ASIA3');
    expect((await get(server.urlOf('a'), 'TB')).status).toBe(401);
  });

  it('tells a waiting client so, and serves the next one when the person has answered', async () => {
    let answerPrompt: (credentials: Credentials) => void = () => undefined;
    let calls = 0;
    const server = await serve({
      name: 'a',
      token: 'TA',
      credentials: () => {
        calls += 1;
        return new Promise((resolve) => {
          answerPrompt = resolve;
        });
      },
    });
    const waiting = await get(server.urlOf('a'), 'TA');
    expect(waiting.status).toBe(400);
    expect(await waiting.json()).toEqual({ code: 'credentials-pending', message: 'said' });
    const second = get(server.urlOf('a'), 'TA');
    await new Promise((resolve) => setTimeout(resolve, 20));
    answerPrompt(session);
    expect((await second).status).toBe(200);
    expect(calls).toBe(1);
  });
});

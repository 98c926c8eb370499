import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noStore } from '../../test/support/memory-store.ts';
import type { Credentials } from '../aws/credentials.ts';
import { StepupError } from '../errors.ts';
import { parseAwsFiles } from '../profiles/aws-files.ts';
import { createBroker } from './broker.ts';
import type { AssumeRequest, BrokerPorts } from './broker-ports.ts';

const start = Date.UTC(2026, 0, 5, 8);
const roleArn = 'arn:aws:iam::111122223333:role/deploy';
const roleProfile = (more = '') => `[profile deploy]\nrole_arn = ${roleArn}\nsource_profile = work-mfa\n${more}`;
const key = '[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = secret\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepup-broker-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A world of its own: files as texts, a clock, an AWS whose gate is a function, and a record of all that was asked. */
function world(config: string, credentials = key) {
  const state = { nowMs: start, config, credentials, logins: 0, sessions: 0, answers: true };
  const events: string[] = [];
  const requests: AssumeRequest[] = [];
  let gate = (_request: AssumeRequest, _from: Credentials): boolean => true;
  const ports: BrokerPorts = {
    env: {},
    now: () => state.nowMs,
    readFiles: () => parseAwsFiles({ config: '/c', credentials: '/k' }, state.config, state.credentials),
    folders: { roleSessions: join(folder, 'roles'), gates: join(folder, 'gates') },
    prompting: {
      folder: join(folder, 'prompts'),
      self: { pid: process.pid, program: 'test' },
      onWaiting: () => undefined,
      isStopped: () => false,
    },
    defaultSessionName: 'me',
    roleDurationSeconds: 3_600,
    leadSeconds: 900,
    describeBase: (_files, { profile, sessionProfile }) => ({
      profile,
      sessionProfile,
      keyId: 'AKIAWORK',
      endpoint: undefined,
    }),
    customEndpoint: (files, profile) => files.profiles.get(profile)?.settings.get('endpoint_url')?.value,
    longTermKey: async () => ({ accessKeyId: 'AKIAWORK', secretAccessKey: 'secret' }),
    sessionStore: noStore,
    login: async ({ base, reason, roleArn: forRole }) => {
      if (!state.answers) throw new StepupError('interrupted', { during: 'the prompt for a code' });
      state.logins += 1;
      events.push(`login ${base.profile} because ${reason} for ${forRole ?? 'itself'}`);
      const end = new Date(state.nowMs + 43_200_000).toISOString();
      state.credentials = `${key}[work-mfa]\naws_access_key_id = ASIAMFA${state.logins}\naws_secret_access_key = s\naws_session_token = t\nexpiration = ${end}\nstepup_authenticated_at = ${new Date(state.nowMs).toISOString()}\nstepup_base_key_id = AKIAWORK\n`;
    },
    assumeRole: async (request, from) => {
      requests.push(request);
      events.push(`assume ${request.step.roleArn.split('/')[1]} ${request.durationSeconds} from ${from.accessKeyId}`);
      if (!gate(request, from)) {
        throw new StepupError('aws-refused', {
          operation: 'AssumeRole',
          awsCode: 'AccessDenied',
          status: 403,
          message: `User: x is not authorized to perform: sts:AssumeRole on resource: ${request.step.roleArn}`,
        });
      }
      state.sessions += 1;
      return session(`ASIAROLE${state.sessions}`, request.durationSeconds);
    },
    assumeRoleWithCode: async (request) => {
      events.push(`assume ${request.step.roleArn.split('/')[1]} ${request.durationSeconds} with a code`);
      return session('ASIALONG', request.durationSeconds);
    },
    provided: async ({ profile }) => ({ accessKeyId: `ASIA-${profile}`, secretAccessKey: 's', sessionToken: 't' }),
  };
  const session = (accessKeyId: string, seconds: number) => ({
    accessKeyId,
    secretAccessKey: 's',
    sessionToken: 't',
    expiresAtMs: state.nowMs + seconds * 1_000,
  });
  const broker = createBroker(ports);
  return {
    state,
    events: () => events.splice(0),
    requests,
    pass: (seconds: number) => {
      state.nowMs += seconds * 1_000;
    },
    gate: (next: typeof gate) => {
      gate = next;
    },
    ask: async (profile: string, more: object = {}) =>
      (await broker.credentialsFor({ profile, mayAsk: true, ...more })).credentials.accessKeyId,
    broker,
  };
}

describe('the broker', () => {
  it('asks for one code a day: session and role session are kept, the role session is renewed without a person', async () => {
    const { ask, events, pass } = world(roleProfile());
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(events()).toEqual([`login work because none for ${roleArn}`, 'assume deploy 3600 from ASIAMFA1']);
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(await ask('work')).toBe('ASIAMFA1');
    expect(await ask('work-mfa')).toBe('ASIAMFA1');
    expect(events()).toEqual([]);
    pass(2_701);
    expect(await ask('deploy')).toBe('ASIAROLE2');
    expect(events()).toEqual(['assume deploy 3600 from ASIAMFA1']);
    pass(43_200);
    await ask('deploy');
    expect(events()).toEqual([`login work because ended for ${roleArn}`, 'assume deploy 3600 from ASIAMFA2']);
  });

  it('gives no role session of another endpoint', async () => {
    const { ask, events, state } = world(`${roleProfile()}endpoint_url = http://127.0.0.1:4566\n`);
    expect(await ask('deploy')).toBe('ASIAROLE1');
    state.config = roleProfile();
    events();
    expect(await ask('deploy')).toBe('ASIAROLE2');
    expect(events()).toEqual(['assume deploy 3600 from ASIAMFA1']);
  });

  it('gives no role session that was entered with other temporary credentials than those that are there', async () => {
    const held = (id: string): string =>
      `[work-mfa]\naws_access_key_id = ${id}\naws_secret_access_key = s\naws_session_token = t\n`;
    const { ask, state } = world(roleProfile(), held('ASIAONE'));
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(await ask('deploy')).toBe('ASIAROLE1');
    state.credentials = held('ASIATWO');
    expect(await ask('deploy')).toBe('ASIAROLE2');
  });

  it('never gives the long-term key unless it is asked for by name', async () => {
    const { ask, broker } = world(roleProfile());
    expect(await ask('work', { longTerm: true })).toBe('AKIAWORK');
    await expect(broker.credentialsFor({ profile: 'deploy', mayAsk: true, longTerm: true })).rejects.toMatchObject({
      code: 'no-long-term-key',
    });
  });

  it('asks before AWS would refuse, and only when the role session must be renewed', async () => {
    const { ask, events, pass } = world(roleProfile('stepup_mfa_max_age = 7200\n'));
    await ask('deploy');
    events();
    pass(7_190);
    await ask('deploy');
    expect(events()).toEqual([`login work because aged for ${roleArn}`, 'assume deploy 3600 from ASIAMFA2']);
  });

  it('says what to run when nobody may be asked, and goes on serving what still works', async () => {
    const { ask, broker, pass, events } = world(roleProfile());
    await expect(broker.credentialsFor({ profile: 'deploy', mayAsk: false })).rejects.toMatchObject({
      code: 'person-needed',
      fields: { command: 'stepup login work' },
    });
    await ask('deploy');
    pass(43_200 - 120);
    await ask('deploy', { minLeftSeconds: 60 });
    events();
    pass(70);
    expect(await ask('deploy', { mayAsk: false })).toBe('ASIAROLE2');
    await expect(broker.credentialsFor({ profile: 'deploy', mayAsk: false, minLeftSeconds: 3_599 })).rejects.toThrow();
  });

  it('learns the age of a gate that nobody wrote down, by one question', async () => {
    const { ask, events, pass, gate, state } = world(roleProfile());
    await ask('deploy');
    const madeAt = new Map([['ASIAMFA1', state.nowMs]]);
    gate((_request, from) => {
      if (!madeAt.has(from.accessKeyId)) madeAt.set(from.accessKeyId, state.nowMs);
      return state.nowMs - madeAt.get(from.accessKeyId)! < 3_000_000;
    });
    events();
    pass(4_000);
    expect(await ask('deploy')).toBe('ASIAROLE2');
    expect(events()).toEqual([
      'assume deploy 3600 from ASIAMFA1',
      `login work because refused for ${roleArn}`,
      'assume deploy 3600 from ASIAMFA2',
    ]);
    pass(4_000);
    await ask('deploy');
    // The age is known now: nothing is tried in vain.
    expect(events()).toEqual([`login work because aged for ${roleArn}`, 'assume deploy 3600 from ASIAMFA3']);
  });

  it('asks nobody for a role that never let us in, nor twice for one session', async () => {
    const { ask, events, gate, pass } = world(roleProfile());
    gate(() => false);
    await expect(ask('deploy')).rejects.toMatchObject({ code: 'aws-refused' });
    await expect(ask('deploy')).rejects.toMatchObject({ code: 'aws-refused' });
    expect(events().filter((event) => event.startsWith('login'))).toHaveLength(1);
    gate(() => true);
    await ask('deploy');
    gate(() => false);
    pass(3_000);
    await expect(ask('deploy')).rejects.toMatchObject({ code: 'aws-refused' });
    await expect(ask('deploy')).rejects.toMatchObject({ code: 'aws-refused' });
    expect(events().filter((event) => event.startsWith('login'))).toHaveLength(1);
  });

  it('asks a person who gave no code not again for that session, and says what to run', async () => {
    const { ask, gate, pass, state, events } = world(roleProfile());
    await ask('deploy');
    gate((_request, from) => from.accessKeyId !== 'ASIAMFA1');
    pass(4_000);
    events();
    // A call that may ask nobody doesn't use up the question.
    const refused = { code: 'person-needed', fields: { command: 'stepup login work --force', isRefused: true } };
    await expect(ask('deploy', { mayAsk: false })).rejects.toMatchObject(refused);
    state.answers = false;
    await expect(ask('deploy')).rejects.toMatchObject({ code: 'interrupted' });
    state.answers = true;
    await expect(ask('deploy')).rejects.toMatchObject(refused);
    expect(events().filter((event) => event.startsWith('login'))).toEqual([]);
  });

  it('gives what AWS gave though nothing can be kept of it', async () => {
    // Files stand where the folders would be: nobody can write there, not even root.
    for (const name of ['roles', 'gates']) writeFileSync(join(folder, name), '');
    const { ask, events } = world(roleProfile());
    expect(await ask('deploy')).toBe('ASIAROLE1');
    events();
    expect(await ask('deploy')).toBe('ASIAROLE2');
    expect(events()).toEqual(['assume deploy 3600 from ASIAMFA1']);
  });

  it('puts the code on AssumeRole where a session of more than an hour is wanted', async () => {
    const { ask, events } = world(roleProfile('duration_seconds = 14400\n'));
    expect(await ask('deploy')).toBe('ASIALONG');
    expect(await ask('deploy')).toBe('ASIALONG');
    expect(events()).toEqual(['assume deploy 14400 with a code']);
  });

  it('caps a chain at an hour and goes through it from the MFA session', async () => {
    const { ask, events, broker } = world(
      `${roleProfile('duration_seconds = 14400\n')}[profile admin]\nrole_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = deploy\nduration_seconds = 7200\n`,
    );
    await ask('admin');
    expect(events()).toEqual([
      `login work because none for ${roleArn}`,
      'assume deploy 3600 from ASIAMFA1',
      'assume admin 3600 from ASIAROLE1',
    ]);
    expect(await broker.credentialsFor({ profile: 'admin', mayAsk: true })).toMatchObject({ chained: true });
  });

  it("goes on from a base without a key, and says so when the gate doesn't open from it", async () => {
    const { ask, gate, events } = world(
      `[profile deploy]\nrole_arn = ${roleArn}\nsource_profile = portal\n[profile portal]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = r\n`,
    );
    expect(await ask('portal')).toBe('ASIA-portal');
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(events()).toEqual(['assume deploy 3600 from ASIA-portal']);
    gate(() => false);
    await expect(ask('deploy', { minLeftSeconds: 3_601 })).rejects.toMatchObject({
      code: 'gate-closed-to-base',
      fields: { baseType: 'sso', base: 'portal' },
    });
  });

  it('gives no role session that was entered from another sign-in of the same base', async () => {
    const config = (who: string) =>
      `[profile deploy]\nrole_arn = ${roleArn}\nsource_profile = corp\n[profile corp]\nlogin_session = arn:aws:iam::111122223333:user/${who}\n`;
    const { ask, state } = world(config('alice'));
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(await ask('deploy')).toBe('ASIAROLE1');
    state.config = config('bob');
    expect(await ask('deploy')).toBe('ASIAROLE2');
  });

  it('goes on from a profile whose credential_process is stepup itself', async () => {
    const { ask, events } = world(
      `${roleProfile()}[profile bridge]\ncredential_process = /opt/stepup credentials deploy\n[profile next]\nrole_arn = arn:aws:iam::444455556666:role/next\nsource_profile = bridge\n`,
    );
    await ask('next');
    expect(events()).toEqual([
      `login work because none for ${roleArn}`,
      'assume deploy 3600 from ASIAMFA1',
      'assume next 3600 from ASIAROLE1',
    ]);
  });

  it("takes another role's refusal in a chain for what it is, and not for the base's", async () => {
    const { ask, gate } = world(
      `[profile deploy]\nrole_arn = ${roleArn}\nsource_profile = corp\n[profile corp]\nlogin_session = arn\n[profile next]\nrole_arn = arn:aws:iam::444455556666:role/next\nsource_profile = deploy\n`,
    );
    gate(({ step }) => step.roleArn === roleArn);
    await expect(ask('next')).rejects.toMatchObject({ code: 'aws-refused' });
  });

  it('narrows a role session by the policies of its profile, and keeps it apart from a wider one', async () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{ "Version": "2012-10-17",\n "Statement": [] }');
    const { ask, broker, state, requests } = world(roleProfile(`stepup_session_policy = ${file}\n`));
    expect(await ask('deploy')).toBe('ASIAROLE1');
    expect(requests.at(-1)?.step.sessionPolicy).toBe('{"Version":"2012-10-17","Statement":[]}');
    writeFileSync(file, '{ "Version": "2012-10-17" }');
    expect(await ask('deploy')).toBe('ASIAROLE2');
    state.config = roleProfile('stepup_session_policy_arns = arn:aws:iam::aws:policy/A, arn:aws:iam::aws:policy/B\n');
    expect(await ask('deploy')).toBe('ASIAROLE3');
    expect(requests.at(-1)?.step.sessionPolicyArns).toEqual(['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B']);
    state.config = roleProfile('stepup_session_policy = {"Statement": []}\n');
    expect(await ask('deploy')).toBe('ASIAROLE4');
    expect(requests.at(-1)?.step.sessionPolicy).toBe('{"Statement":[]}');
    for (const [value, problem] of [
      [join(folder, 'gone.json'), 'file-missing'],
      ['{"Statement": [', 'not-a-policy'],
    ]) {
      state.config = roleProfile(`stepup_session_policy = ${value}\n`);
      await expect(broker.credentialsFor({ profile: 'deploy', mayAsk: true })).rejects.toMatchObject({
        code: 'profile-invalid',
        fields: { problem },
      });
    }
  });

  it('takes the refusal of a role whose name only begins alike for no refusal of this one', async () => {
    const { ask, gate, events, pass } = world(
      `${roleProfile()}[profile next]\nrole_arn = ${roleArn}-next\nsource_profile = deploy\n`,
    );
    await ask('next');
    pass(4_000);
    events();
    gate(({ step }) => step.roleArn === roleArn);
    await expect(ask('next')).rejects.toMatchObject({ code: 'aws-refused' });
    expect(events().filter((event) => event.startsWith('login'))).toEqual([]);
  });

  it('says to force a login only where one would find the session good enough', async () => {
    const { ask, broker, pass } = world(roleProfile());
    await ask('work');
    const command = async (wish: object): Promise<unknown> =>
      broker.credentialsFor({ profile: 'work', mayAsk: false, ...wish }).then(
        () => undefined,
        (error: StepupError<'person-needed'>) => error.fields.command,
      );
    pass(43_200 - 1_200);
    expect(await command({ minLeftSeconds: 1_800 })).toBe('stepup login work --force');
    pass(1_190);
    expect(await command({})).toBe('stepup login work');
  });

  it('takes no session of another key, whatever the file says', async () => {
    const { ask, state, events } = world(roleProfile());
    await ask('work');
    state.credentials = state.credentials.replace('stepup_base_key_id = AKIAWORK', 'stepup_base_key_id = AKIAOTHER');
    events();
    await ask('work');
    expect(events()).toEqual(['login work because other-key for itself']);
  });

  it('uses a session that others wrote as it is, until its end', async () => {
    const foreign = (end: string) =>
      `[theirs]\naws_access_key_id = ASIATHEIRS\naws_secret_access_key = s\naws_session_token = t\nexpiration = ${end}\n`;
    const { ask, state } = world('', foreign(new Date(start + 1_000).toISOString()));
    expect(await ask('theirs')).toBe('ASIATHEIRS');
    state.nowMs += 2_000;
    await expect(ask('theirs')).rejects.toMatchObject({ code: 'base-without-credentials' });
  });

  it('lets a fresh session through a gate of seconds', async () => {
    const { ask } = world(roleProfile('stepup_mfa_max_age = 10\n'));
    expect(await ask('deploy')).toBe('ASIAROLE1');
  });

  it('takes a refusal seconds after a code for no gate', async () => {
    const { ask, events, gate, pass } = world(roleProfile());
    await ask('deploy');
    gate(() => false);
    pass(5);
    events();
    await expect(ask('deploy', { minLeftSeconds: 3_599 })).rejects.toMatchObject({ code: 'aws-refused' });
    expect(events().filter((event) => event.startsWith('login'))).toEqual([]);
  });
});

/**
 * STS and IAM of a sandbox in memory, called with signed requests but without HTTP: whole answers as clients get them.
 */
import { randomBytes } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import type { RoleSessionMfa } from '../../src/enforcement/authority.ts';
import { createSessionTokens } from '../../src/enforcement/session-token.ts';
import { ensureAccounts } from '../../src/sandbox/accounts.ts';
import { createClocks, type MovableClocks } from '../../src/sandbox/clocks.ts';
import { createDirectory, createReplayMemory } from '../../src/sandbox/directory.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import { addForeignDevice, type ForeignDevice } from '../../src/sandbox/foreign-devices.ts';
import { iamService } from '../../src/sandbox/iam/service.ts';
import { parseForm } from '../../src/sandbox/server/form.ts';
import { answerQuery } from '../../src/sandbox/server/query-endpoint.ts';
import { createState, type State } from '../../src/sandbox/state.ts';
import { createStsService } from '../../src/sandbox/sts/service.ts';
import { stepAt, totpCode } from '../../src/totp/code.ts';
import { decodeSeed } from '../../src/totp/seed.ts';
import type { ClientCredentials } from '../contract/harness/aws-client.ts';
import { signByHeader } from '../contract/harness/sigv4.ts';
import { received } from './received.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

export type Parameters = Readonly<Record<string, string | number>>;

export interface Refused {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read by the names of the service model
export type Result = any;

export interface StsWorld {
  readonly root: ClientCredentials;
  readonly otherRoot: ClientCredentials;
  readonly state: State;
  readonly clocks: MovableClocks;
  /** The result of a call that must be answered with yes; throws what it was refused with otherwise. */
  ok(who: ClientCredentials, action: string, parameters?: Parameters): Result;
  /** The refusal of a call that must be refused. */
  refused(who: ClientCredentials, action: string, parameters?: Parameters): Refused;
  /** A user with an access key, and what its identity policy allows. */
  user(name: string, policy?: object, root?: ClientCredentials): ClientCredentials;
  role(name: string, trust: object, options?: RoleOptions): string;
  /** An enabled virtual device; answers its serial number and what it shows at each offset in steps. */
  device(userName: string): Device;
  addDevice(device: ForeignDevice): string;
  passSeconds(seconds: number): void;
}

export interface RoleOptions {
  readonly root?: ClientCredentials;
  readonly allows?: object;
  readonly maxSeconds?: number;
  readonly path?: string;
}

export interface Device {
  readonly SerialNumber: string;
  code(offsetSteps?: number): string;
}

export function stsWorld(roleSessionMfa: RoleSessionMfa = 'false'): StsWorld {
  let passedMs = 0;
  const base = () => START_MS + passedMs;
  const state = createState({ visibleAfterMs: 0, now: base });
  const clocks = createClocks(state, base);
  const random = { bytes: randomBytes };
  const authority = {
    directory: createDirectory(state, clocks.authority),
    clocks,
    sessionTokens: createSessionTokens(randomBytes(32), random),
    roleSessionMfa,
  };
  const onFailure = (error: unknown) => {
    throw error;
  };
  const world = { authority, store: state, clocks, random, faults: createFaults([]), onFailure };
  const services = [createStsService(authority, createReplayMemory(state)), iamService];
  const [root, otherRoot] = ensureAccounts(state, [ACCOUNT, OTHER_ACCOUNT], base(), random);

  function send(who: ClientCredentials, action: string, given: Parameters): { status: number; xml: Result } {
    const service = services.find(({ rows }) => Object.hasOwn(rows, action));
    if (service === undefined) throw new Error(`no service has ${action}`);
    const all = { Action: action, Version: service.version, ...given };
    const body = new URLSearchParams(
      Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const draft = signByHeader(
      { method: 'POST', path: '/', query: '', headers: [['host', '127.0.0.1']], body: Buffer.from(body) },
      { credentials: who, service: service.name, region: 'us-east-1', dateMs: base() },
    );
    const facts = { sourceIp: '127.0.0.1', secureTransport: false };
    const answer = answerQuery({ service, signed: received(draft), parameters: parseForm(body), facts }, world);
    return {
      status: answer.status,
      xml: new XMLParser({ parseTagValue: false, trimValues: false }).parse(String(answer.body)),
    };
  }

  const it: StsWorld = {
    root,
    otherRoot: otherRoot as ClientCredentials,
    state,
    clocks,
    ok(who, action, given = {}) {
      const { status, xml } = send(who, action, given);
      if (status !== 200) throw Object.assign(new Error(xml.ErrorResponse.Error.Message), xml.ErrorResponse.Error);
      return xml[`${action}Response`][`${action}Result`];
    },
    refused(who, action, given = {}) {
      const { status, xml } = send(who, action, given);
      if (status === 200) throw new Error(`${action} was let through`);
      return { code: xml.ErrorResponse.Error.Code, status, message: xml.ErrorResponse.Error.Message };
    },
    user(name, policy, by = root) {
      it.ok(by, 'CreateUser', { UserName: name });
      if (policy !== undefined) {
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: policy });
        it.ok(by, 'PutUserPolicy', { UserName: name, PolicyName: 'p', PolicyDocument });
      }
      const { AccessKey } = it.ok(by, 'CreateAccessKey', { UserName: name });
      return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    },
    role(name, trust, { root: by = root, allows, maxSeconds, path } = {}) {
      const { Role } = it.ok(by, 'CreateRole', {
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: trust }),
        ...(maxSeconds === undefined ? {} : { MaxSessionDuration: maxSeconds }),
        ...(path === undefined ? {} : { Path: path }),
      });
      if (allows !== undefined) {
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: allows });
        it.ok(by, 'PutRolePolicy', { RoleName: name, PolicyName: 'p', PolicyDocument });
      }
      return Role.Arn;
    },
    device(userName) {
      const { VirtualMFADevice } = it.ok(root, 'CreateVirtualMFADevice', { VirtualMFADeviceName: userName });
      const seed = Buffer.from(VirtualMFADevice.Base32StringSeed, 'base64').toString();
      const secret = decodeSeed(seed);
      if (secret === undefined) throw new Error('no seed');
      const code = (offsetSteps = 0) => totpCode(secret, stepAt(base()) + offsetSteps);
      const SerialNumber = VirtualMFADevice.SerialNumber;
      const codes = { AuthenticationCode1: code(-1), AuthenticationCode2: code() };
      it.ok(root, 'EnableMFADevice', { UserName: userName, SerialNumber, ...codes });
      passedMs += 30_000;
      return { SerialNumber, code };
    },
    addDevice: (device) => addForeignDevice(state, device, base(), random),
    passSeconds(seconds) {
      passedMs += seconds * 1000;
    },
  };
  return it;
}

export function sessionOf({ Credentials }: Result): ClientCredentials {
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
}

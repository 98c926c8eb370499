/**
 * The pattern for a bench of commands: a sandbox in this process, a user with a device who may only enter one gated
 * role, and a home folder with the files of a person who works that way.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { STEP_SECONDS, stepAt, totpCode } from '../../src/totp/code.ts';
import { decodeSeed } from '../../src/totp/seed.ts';

export interface GatedHome {
  readonly env: Readonly<Record<string, string>>;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly serialNumber: string;
  readonly roleArn: string;
  /** A code that was not used yet; the authority's clock moves on where it must. */
  freshCode(): string;
  /** Writes both AWS files as they were at first: `work` with its key, `myrole` from `work-mfa`. */
  reset(): void;
  close(): Promise<void>;
}

export async function openGatedHome(): Promise<GatedHome> {
  // The SDK's word on Node 20 is no part of the figures.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const sandbox = await startSandbox();
  const { key, serialNumber, freshCode, roleArn } = await hire(sandbox);
  const home = mkdtempSync(join(tmpdir(), 'stepup-bench-'));
  const folder = join(home, '.aws');
  mkdirSync(folder, { mode: 0o700 });
  const place = `region = eu-west-1\nendpoint_url = ${sandbox.endpoint}\n`;
  const reset = (): void => {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
    write(
      'config',
      `[profile work]\n${place}mfa_serial = ${serialNumber}\n\n[profile myrole]\nrole_arn = ${roleArn}\nsource_profile = work-mfa\n${place}`,
    );
    write(
      'credentials',
      `[work]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
    );
  };
  reset();
  return {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, AWS_ENDPOINT_URL: sandbox.endpoint, AWS_REGION: 'eu-west-1' },
    key,
    serialNumber,
    roleArn,
    freshCode,
    reset,
    close: async () => {
      rmSync(home, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}

async function hire(sandbox: Sandbox) {
  const { endpoint, accounts, clock } = sandbox;
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: accounts[0] });
  const UserName = 'alice';
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const gate = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  const AssumeRolePolicyDocument = policy({
    Action: 'sts:AssumeRole',
    Principal: { AWS: User?.Arn },
    Condition: gate,
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument }));
  // The script that login is held against looks the device up each time.
  const PolicyDocument = policy({ Action: ['sts:AssumeRole', 'iam:ListMFADevices'], Resource: '*' });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
  const secret = decodeSeed(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString()) ?? new Uint8Array();
  const SerialNumber = VirtualMFADevice?.SerialNumber;
  const first = stepAt(clock.now().getTime());
  await iam.send(
    new EnableMFADeviceCommand({
      UserName,
      SerialNumber,
      AuthenticationCode1: totpCode(secret, first),
      AuthenticationCode2: totpCode(secret, first + 1),
    }),
  );
  iam.destroy();
  let used = first + 1;
  return {
    key: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
    serialNumber: SerialNumber ?? '',
    roleArn: Role?.Arn ?? '',
    freshCode: () => {
      while (stepAt(clock.now().getTime()) <= used) clock.advanceSeconds(STEP_SECONDS);
      used = stepAt(clock.now().getTime());
      return totpCode(secret, used);
    },
  };
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

/** Users with keys and phones, made by an account's root through the SDK for JavaScript. */

import { type AwsClient, type ClientCredentials, credentialsOf, succeed } from './aws-client.ts';
import { codeAt } from './phone.ts';
import { policyText } from './policy-text.ts';
import type { TestAccount, TestClock } from './test-sandbox.ts';

export interface Person {
  readonly name: string;
  readonly arn: string;
  readonly userId: string;
  readonly accountId: string;
  readonly key: ClientCredentials;
}

export interface Phone {
  readonly serialNumber: string;
  readonly seed: string;
  /** The code of this many steps from now; says nothing of whether it was used. */
  codeIn(steps: number): Promise<string>;
  /** This step's code and the next one's, as EnableMFADevice and ResyncMFADevice take them; both count as used. */
  consecutiveCodes(): Promise<ConsecutiveCodes>;
  /** A code that was not used yet: waits for the next step, by moving the clock, when the present one was. */
  freshCode(): Promise<string>;
}

export interface ConsecutiveCodes {
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

export interface PersonWithPhone extends Person {
  readonly phone: Phone;
}

export const STEP_MS = 30_000;

/** `statements` become the user's one inline policy. */
export async function hire(
  client: AwsClient,
  account: TestAccount,
  name: string,
  statements: readonly object[] = [],
): Promise<Person> {
  const { User } = await succeed(client, 'iam', 'CreateUser', { UserName: name }, account.root);
  if (statements.length > 0) {
    const PolicyDocument = policyText(...statements);
    const policy = { UserName: name, PolicyName: 'own', PolicyDocument };
    await succeed(client, 'iam', 'PutUserPolicy', policy, account.root);
  }
  const { AccessKey } = await succeed(client, 'iam', 'CreateAccessKey', { UserName: name }, account.root);
  const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  return { name, arn: User.Arn, userId: User.UserId, accountId: account.accountId, key };
}

/** Gives a user a virtual device and enables it with two consecutive codes; both count as used. */
export async function giveItAPhone(
  client: AwsClient,
  account: TestAccount,
  person: Person,
  clock: TestClock,
): Promise<PersonWithPhone> {
  const created = await succeed(
    client,
    'iam',
    'CreateVirtualMFADevice',
    { VirtualMFADeviceName: person.name },
    account.root,
  );
  const serialNumber: string = created['VirtualMFADevice'].SerialNumber;
  const phone = phoneOf(serialNumber, created['VirtualMFADevice'].Base32StringSeed.toString(), clock);
  const enable = { UserName: person.name, SerialNumber: serialNumber, ...(await phone.consecutiveCodes()) };
  await succeed(client, 'iam', 'EnableMFADevice', enable, account.root);
  return { ...person, phone };
}

export function phoneOf(serialNumber: string, seed: string, clock: TestClock): Phone {
  let lastStep = 0;
  return {
    serialNumber,
    seed,
    codeIn: (steps) => codeAt(seed, clock.now() + steps * STEP_MS),
    async consecutiveCodes() {
      // Of one moment: the half minute may end in between. And not of the past, since it may end on the way as well.
      const now = clock.now();
      lastStep = Math.floor(now / STEP_MS) + 1;
      return { AuthenticationCode1: await codeAt(seed, now), AuthenticationCode2: await codeAt(seed, now + STEP_MS) };
    },
    async freshCode() {
      while (Math.floor(clock.now() / STEP_MS) <= lastStep) await clock.advance(STEP_MS);
      const now = clock.now();
      lastStep = Math.floor(now / STEP_MS);
      return codeAt(seed, now);
    },
  };
}

/** GetSessionToken with a fresh code. */
export async function logIn(
  client: AwsClient,
  person: PersonWithPhone,
  durationSeconds = 3600,
): Promise<ClientCredentials> {
  const { phone } = person;
  const input = {
    SerialNumber: phone.serialNumber,
    TokenCode: await phone.freshCode(),
    DurationSeconds: durationSeconds,
  };
  return credentialsOf(await succeed(client, 'sts', 'GetSessionToken', input, person.key));
}

export async function assume(
  client: AwsClient,
  roleArn: string,
  credentials: ClientCredentials,
  more: object = {},
): Promise<ClientCredentials> {
  const input = { RoleArn: roleArn, RoleSessionName: 'test', ...more };
  return credentialsOf(await succeed(client, 'sts', 'AssumeRole', input, credentials));
}

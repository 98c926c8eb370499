/** The IAM user behind a profile, and calls of IAM on its behalf. */
import type { Connection } from '../aws/connection.ts';
import type { Credentials } from '../aws/credentials.ts';
import type { EndpointService } from '../aws/endpoints.ts';
import { pauseUnless } from '../aws/patience.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { selfServicePolicy } from '../guardrails/blueprint/user-policies.ts';
import type { SelfService } from '../guardrails/desired-state/setup-file.ts';
import { virtualSerialNumber } from '../mfa/device-name.ts';
import { awsFilePaths, readAwsFiles } from '../profiles/aws-files.ts';
import { chooseProfile } from '../profiles/choose-profile.ts';
import { keyIdOf } from '../profiles/key-id.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/resolve.ts';
import { type IamAccess, iamAccess } from '../sessions/iam-access.ts';
import { routeTo } from '../sessions/route.ts';
import { brokerFor } from './broker-for.ts';
import type { Io } from './io.ts';
import { type MemoryFile, memoryFile } from './memory-file.ts';
import { ownFolders } from './own-folders.ts';
import { trustedEndpoint } from './trusted-endpoint.ts';

/** Who signs, where it isn't the user itself. */
export interface SigningOptions {
  readonly with?: string;
  readonly longTerm?: boolean;
}

export interface IamUser {
  /** The profile that has the user's key. */
  readonly base: ResolvedProfile;
  readonly arn: string;
  readonly name: string;
}

/** The profile with the key that a command means. Throws `usage`, `login-without-key`, and as `resolveProfile`. */
export function keyedProfile(io: Io, profile: string | undefined): ResolvedProfile {
  const choice = chooseProfile(profile, io.env);
  if (choice.type === 'environment') {
    throw new StepupError('usage', {
      problem: 'AWS_ACCESS_KEY_ID in the environment hides every profile',
      hint: 'Name the profile, or unset the variable.',
    });
  }
  const files = readAwsFiles(awsFilePaths(io.env, io.homeDirectory));
  const { base } = routeTo(files, resolveProfile(files, choice.name, io.env));
  if (base.type === 'keyed') return resolveProfile(files, base.profile, io.env);
  const found = base.type === 'foreign-session' ? 'temporary-credentials' : 'nothing';
  throw new StepupError('login-without-key', { profile: base.profile, found });
}

/** Whose this key is; asked of AWS once a key. Throws `not-a-user`, and what GetCallerIdentity throws. */
export async function iamUserOf(io: Io, base: ResolvedProfile, key: Credentials): Promise<IamUser> {
  const users = knownUsers(io);
  let arn = users.recall(key.accessKeyId);
  if (arn === undefined) {
    const { getCallerIdentity } = await import('../aws/sts.ts');
    ({ arn } = await getCallerIdentity(connectTo(io, base.name, 'sts', key)));
    users.remember(key.accessKeyId, arn);
  }
  return userOfArn(base, arn);
}

/** The same where it was asked before, by the key's id alone: no store is opened. Throws `not-a-user`. */
export function knownIamUser(io: Io, base: ResolvedProfile): IamUser | undefined {
  const accessKeyId = keyIdOf(base);
  const arn = accessKeyId === undefined ? undefined : knownUsers(io).recall(accessKeyId);
  return arn === undefined ? undefined : userOfArn(base, arn);
}

function userOfArn(base: ResolvedProfile, arn: string): IamUser {
  const name = arn.split(':user/')[1]?.split('/').at(-1);
  if (name === undefined) throw new StepupError('not-a-user', { profile: base.name, arn });
  return { base, arn, name };
}

/** A key of a user whose ARN is known already. */
export function rememberUser(io: Io, accessKeyId: string, arn: string): void {
  knownUsers(io).remember(accessKeyId, arn);
}

function knownUsers(io: Io): MemoryFile {
  return memoryFile(`${ownFolders(io).cache}/users.json`);
}

export interface IamAccessWish extends SigningOptions {
  readonly user: IamUser;
  /** The user's key as it is now. */
  readonly key: () => Credentials | Promise<Credentials>;
  readonly service: SelfService;
  /** False: nobody is asked for a code, for none would be taken. */
  readonly mayStepUp: boolean;
  /** Of a device that is to get a name of its own, for the policy that would allow it; default: the user's name. */
  readonly deviceName?: () => string | undefined;
  /** What was run. */
  readonly command: string;
}

/** Calls of IAM for a user. `connect` opens one that lasts past Ctrl-C, for clean-ups. */
export interface IamAccesses {
  readonly call: IamAccess;
  readonly callAtEnd: IamAccess;
}

/** By the user itself, or by the profile of `--with`. */
export function iamAccessFor(io: Io, wish: IamAccessWish): IamAccesses {
  const { user } = wish;
  const signer = wish.with ?? user.base.name;
  const deviceIsKnown = user.base.settings.has('mfa_serial') || Boolean(io.env['AWS_MFA_SERIAL']);
  let isKeyAlone = false;
  let isSessionDenied = false;
  let granted: Promise<Credentials> | undefined;
  const broker = brokerFor(io);
  const byOther = (profile: string): Promise<Credentials> => {
    const wanted = { profile, mayAsk: true, ...(wish.longTerm === true && { longTerm: true }) };
    granted ??= broker.then(({ credentialsFor }) => credentialsFor(wanted)).then(({ credentials }) => credentials);
    return granted;
  };
  const bySelf = async (): Promise<Credentials> => {
    if (isSessionDenied) return wish.key();
    try {
      const kept = await (await broker).credentialsFor({ profile: signer, mayAsk: false });
      isKeyAlone = false;
      return kept.credentials;
    } catch (error) {
      if (!isStepupError(error, 'person-needed')) throw error;
      isKeyAlone = true;
      return await wish.key();
    }
  };
  const stepUp = async (): Promise<Credentials | undefined> => {
    // An administrator ends the sessions of a lost device (setup reset-device); the key alone may then enrol another.
    if (!isKeyAlone) {
      isSessionDenied = true;
      return wish.key();
    }
    if (!wish.mayStepUp || !deviceIsKnown) return undefined;
    io.stderr.write('AWS does not allow this to the key alone; with a code it may.\n');
    const { credentials } = await (await broker).credentialsFor({ profile: signer, mayAsk: true });
    isKeyAlone = false;
    return credentials;
  };
  const { with: other } = wish;
  const signers =
    other === undefined ? { atHand: bySelf, stepUp } : { atHand: () => byOther(other), stepUp: async () => undefined };
  const ports = (signal: AbortSignal) => ({
    connect: (credentials: Credentials) => ({ ...connectTo(io, signer, 'iam', credentials), signal }),
    denied: (refusal: StepupError<'aws-refused'>) => policyMissing(wish, refusal, deviceIsKnown),
    now: io.now,
    pause: pauseUnless(signal, 'the wait for AWS'),
  });
  return {
    call: iamAccess(signers, ports(io.interrupted)),
    callAtEnd: iamAccess({ ...signers, stepUp: async () => undefined }, ports(new AbortController().signal)),
  };
}

/** Whoever answers at an endpoint of no trust could hand out keys and seeds that it knows. */
export function connectTo(io: Io, profile: string, service: EndpointService, credentials: Credentials): Connection {
  return {
    endpoint: trustedEndpoint(io, profile, service, 'credentials'),
    credentials,
    now: io.now,
    signal: io.interrupted,
  };
}

function policyMissing(
  { user, service, deviceName, with: signedBy, command }: IamAccessWish,
  refusal: StepupError<'aws-refused'>,
  deviceIsKnown: boolean,
): StepupError {
  const { operation, message } = refusal.fields;
  const owner = { userArn: user.arn, deviceArn: virtualSerialNumber(user.arn, deviceName?.() ?? user.name) };
  const policy = selfServicePolicy(owner, [service]);
  if (policy === undefined) throw new StepupError('internal', { problem: 'self-service without a policy' });
  return new StepupError(
    'iam-policy-missing',
    {
      action: `iam:${operation}`,
      message,
      userName: user.name,
      policyName: policy.name,
      policy: JSON.stringify(JSON.parse(policy.document), null, 2),
      ...(signedBy !== undefined && { signedBy }),
      ...(deviceIsKnown && { login: `stepup login ${user.base.name} --force` }),
      command,
    },
    { cause: refusal },
  );
}

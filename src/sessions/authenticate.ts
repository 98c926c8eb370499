/**
 * One code, one MFA session. Everything that can go wrong without a person is found before a person is asked: the
 * device is known and the code may go to the endpoint, or nobody types anything.
 */
import { codeDestination } from '../aws/code-destination.ts';
import type { Connection } from '../aws/connection.ts';
import type { Credentials, SessionCredentials } from '../aws/credentials.ts';
import type { Endpoint } from '../aws/endpoints.ts';
import { partitionOfArn } from '../aws/partitions.ts';
import { isStepupError, StepupError } from '../errors.ts';
import { type ChosenDevice, chooseDevice, type DevicePorts, type NamedSerial } from '../mfa/choose-device.ts';
import { isClockAtFault } from '../mfa/clock-fault.ts';
import type { CodeRequest, CodeSource } from '../mfa/source.ts';
import type { UsedCodes } from '../mfa/used-codes.ts';

/** Who logs in, and where. */
export interface LoginIdentity {
  readonly profile: string;
  readonly key: Credentials;
  readonly sts: Endpoint;
  readonly iam: Endpoint;
  /** The device, if anything names it. */
  readonly namedSerial?: NamedSerial;
}

export interface AuthenticatePorts {
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly proxyVariable?: string;
  /** Where the code comes from, called when one is needed; undefined: nobody can be asked. */
  readonly codes: () => CodeSource | undefined;
  readonly askedBy: string;
  readonly device: Omit<DevicePorts, 'list' | 'identify'>;
  /** Who the key belongs to, if that was learned before: an ARN. Asked of AWS only to tell a person. */
  readonly userArn?: string;
  readonly onUserArn: (arn: string) => void;
  readonly allowed: { readonly hosts: readonly string[]; readonly file: string };
  /** What to run where a code can be typed, for the error when there is no source. */
  readonly command: readonly string[];
  readonly usedCodes: UsedCodes;
  /** Called before a code is sent; it may throw to stop it. */
  readonly beforeSend?: () => Promise<void>;
}

/** A device and what it showed. */
export interface MfaProof {
  readonly serialNumber: string;
  readonly code: string;
}

export interface Authentication {
  readonly credentials: SessionCredentials;
  /** Epoch milliseconds, by the machine's clock: when the code was sent. */
  readonly authenticatedAtMs: number;
  readonly device: ChosenDevice;
}

/**
 * Chooses the device, asks for a code and gets the session. A source that can be asked again is, when AWS refuses its
 * code. No code is sent that AWS has refused here or taken from this machine a moment ago.
 * Throws what `chooseDevice` throws, `code-destination`, `no-terminal`, and what GetSessionToken and the source throw.
 */
export async function authenticate(
  identity: LoginIdentity,
  request: {
    readonly durationSeconds: number;
    readonly roleArn?: string;
    /** Sends the code another way than by GetSessionToken. */
    readonly send?: (proof: MfaProof, connection: Connection) => Promise<SessionCredentials>;
  },
  ports: AuthenticatePorts,
): Promise<Authentication> {
  const { key, sts, profile } = identity;
  const connect = (endpoint: Endpoint): Connection => ({
    endpoint,
    credentials: key,
    now: ports.now,
    signal: ports.signal,
    proxyVariable: ports.proxyVariable,
  });
  // Before AWS is asked for anything: the calls on the way send no code, but they would be in vain.
  mayReceiveCode(sts, identity.namedSerial?.serialNumber ?? '', ports);
  const { getCallerIdentity, getSessionToken } = await import('../aws/sts.ts');
  const device = await chooseDevice(profile, identity.namedSerial, {
    ...ports.device,
    list: async () => (await import('../aws/iam-devices.ts')).listMfaDevices(connect(identity.iam)),
    identify: () => getCallerIdentity(connect(sts)),
  });
  const { serialNumber } = device.device;
  mayReceiveCode(sts, serialNumber, ports);

  const codes = ports.codes();
  if (codes === undefined) throw new StepupError('no-terminal', { question: 'a code', command: ports.command });
  let userArn = ports.userArn;
  if (codes.tellsPerson && userArn === undefined) {
    ({ arn: userArn } = await getCallerIdentity(connect(sts)));
    ports.onUserArn(userArn);
  }

  const refused: string[] = [];
  let lastUse: Pick<CodeRequest, 'usedSecondsAgo'> = {};
  for (let attempt = 1; ; attempt += 1) {
    const asked: CodeRequest = {
      profile,
      ...ownerOf(userArn, serialNumber),
      serialNumber,
      ...(request.roleArn === undefined ? {} : { roleArn: request.roleArn }),
      host: sts.url.host,
      askedBy: ports.askedBy,
      attempt,
      refused,
      ...lastUse,
    };
    const code = await codes.code(asked, ports.signal);
    try {
      const usedSecondsAgo = ports.usedCodes.secondsSinceUse(asked, code);
      if (usedSecondsAgo !== undefined) throw new StepupError('code-refused', { serialNumber, usedSecondsAgo });
      await ports.beforeSend?.();
      const authenticatedAtMs = ports.now();
      const { durationSeconds, send } = request;
      const credentials =
        send === undefined
          ? await getSessionToken({ serialNumber, code, durationSeconds }, connect(sts))
          : await send({ serialNumber, code }, connect(sts));
      ports.usedCodes.remember(asked, code);
      return { credentials, authenticatedAtMs, device };
    } catch (error) {
      if (!isStepupError(error, 'code-refused')) throw error;
      const told = new StepupError('code-refused', { ...error.fields, madeHere: codes.madeHere }, { cause: error });
      if (attempt >= codes.tries || isClockAtFault(told.fields)) throw told;
      refused.push(code);
      const { usedSecondsAgo } = error.fields;
      lastUse = usedSecondsAgo === undefined ? {} : { usedSecondsAgo };
    }
  }
}

/** @throws StepupError `code-destination` for an endpoint that no code may go to */
export function mayReceiveCode(
  endpoint: Endpoint,
  serialNumber: string,
  { allowed }: Pick<AuthenticatePorts, 'allowed'>,
): void {
  const destination = codeDestination(endpoint, partitionOfArn(serialNumber), allowed.hosts);
  if (destination.allowed) return;
  throw new StepupError('code-destination', {
    url: endpoint.url.origin,
    because: destination.because,
    ...(endpoint.customOrigin === undefined ? {} : { customOrigin: endpoint.customOrigin }),
    allowFile: allowed.file,
  });
}

/** Account and user for the prompt: of the user's ARN, else the account of the device's. */
function ownerOf(userArn: string | undefined, serialNumber: string): Pick<CodeRequest, 'accountId' | 'userName'> {
  const accountId = (userArn ?? serialNumber).split(':')[4];
  const userName = userArn?.split(':user/')[1];
  return {
    ...(accountId ? { accountId } : {}),
    ...(userName === undefined ? {} : { userName }),
  };
}

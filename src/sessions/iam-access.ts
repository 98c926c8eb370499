/**
 * Who signs calls of IAM that the pattern's key alone may not make: what is at hand, and where AWS denies that, an MFA
 * session. A denial says that nothing was done, so the call may be made again.
 */
import type { Connection } from '../aws/connection.ts';
import type { Credentials } from '../aws/credentials.ts';
import { isBusy, type Patience, patiently } from '../aws/patience.ts';
import { isStepupError, type StepupError } from '../errors.ts';

export interface IamSigners {
  /** Without asking anybody: a session that is there, else the key. Called before each call, for a key may be replaced. */
  readonly atHand: () => Promise<Credentials>;
  /** A session with MFA, for which a person is asked; undefined where no code would change what AWS said. */
  readonly stepUp: () => Promise<Credentials | undefined>;
}

export interface IamAccessPorts extends Patience {
  readonly connect: (credentials: Credentials) => Connection;
  /** The error for a call that was denied to the last of the signers. */
  readonly denied: (refusal: StepupError<'aws-refused'>) => StepupError;
}

/** Makes one call of IAM, whoever has to sign it. */
export type IamAccess = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

/** How long AWS may be busy. */
const BUSY_MS = 60_000;

/** Throws what `denied` gives for an AccessDenied, what the signers throw, and what the call throws. */
export function iamAccess({ atHand, stepUp }: IamSigners, ports: IamAccessPorts): IamAccess {
  let session: Credentials | undefined;
  return async (work) => {
    const attempt = (credentials: Credentials) =>
      patiently(() => work(ports.connect(credentials)), isBusy, BUSY_MS, ports);
    const rewordDenial = (error: unknown): unknown => (isDenial(error) ? ports.denied(error) : error);
    try {
      return await attempt(session ?? (await atHand()));
    } catch (error) {
      if (!isDenial(error) || session !== undefined) throw rewordDenial(error);
      session = await stepUp();
      if (session === undefined) throw rewordDenial(error);
    }
    try {
      return await attempt(session);
    } catch (error) {
      throw rewordDenial(error);
    }
  };
}

function isDenial(error: unknown): error is StepupError<'aws-refused'> {
  return isStepupError(error, 'aws-refused') && /^AccessDenied/.test(error.fields.awsCode);
}

/** What is asked of the broker, and what it gives. Everything that hands credentials over speaks these types. */
import type { Credentials } from '../aws/credentials.ts';

export interface CredentialWish {
  /** A long-term profile and its `-mfa` profile mean the MFA session; a role profile means its role session. */
  readonly profile: string;
  /** False: nobody is asked for anything; where only a code would help, the broker rejects. */
  readonly mayAsk: boolean;
  /** What must be left of the credentials at least; less than that is renewed now. Default: the refresh lead time. */
  readonly minLeftSeconds?: number;
  /** The long-term key itself, which nothing else ever gets. */
  readonly longTerm?: boolean;
}

export interface GrantedCredentials {
  readonly profile: string;
  readonly credentials: Credentials;
  readonly region?: string;
  /** Of a role session: the role that was entered last. */
  readonly roleArn?: string;
  /** Entered from another role session: AWS caps it at an hour and limits console sign-in. */
  readonly chained?: boolean;
  /** Where the profile's requests go, beside the region: `AWS_ENDPOINT_URL` and its like, those that the environment lacks. */
  readonly endpointVariables: readonly (readonly [name: string, value: string])[];
}

/** Whose credentials they are, and where the profile's requests go. */
export type ProfilePlace = Omit<GrantedCredentials, 'credentials'>;

export interface Broker {
  /**
   * Credentials that will work, by the cheapest way: kept ones, a role session from a kept MFA session, or a new code.
   * @throws StepupError `person-needed` when `mayAsk` is false or nobody can be asked; what AWS refused; `interrupted`
   */
  credentialsFor(wish: CredentialWish): Promise<GrantedCredentials>;
}
